r"""The `.crn` text of a network: :func:`print_crn` and :func:`parse_crn` are inverses.

In: text, a superset of Nuskell's dialect. Out: a :class:`Network`. A whole example::

    # LR-NCRN, one input
    @level formal
    @units 1 1
    @meta design = line
    @stages N1 N2
    @species input: X1 = 3
    @species parameter: P1 = 0.5
    @species clock: O1 = 1, O2
    @dose 3 X1 when O1 rises 0.5

    X1 + P1 -> Z1 + X1 + P1 [k = 1, stage = N1]  # N1 feedforward
    Z1 -> A1p [k = 1, stage = N2]

Grammar (blanks are free between tokens; a line break or ``;`` ends a statement)::

    text       = { line "\n" } ;
    line       = [ statement ] { ";" [ statement ] } [ "#" comment ] ;
    statement  = "@level" ( "formal" | "clocked" | "network" )
               | "@units" ( conc | "1" ) ( time | "1" )                  once, above all species; "1 1" if absent
               | "@meta" word "=" ( string | rest )
               | "@stages" word { word }                                 then no other stage may be used
               | "@species" [ word ] ":" declared { "," declared }       the word is the role
               | "@dose" number [ conc ] name ( "at" number [ time ] | "when" sum crossing number [ conc ] )
               | name "@" ( "initial" | "i" ) number [ conc ]
               | ( "formal" | "formals" | "signals" | "fuels" ) "=" "{" [ name { "," name } ] "}"
                                                                         roles formal, signal, fuel
               | reaction ;
    declared   = name [ "=" number [ conc ] ] ;
    sum        = name { "+" name } ;
    crossing   = "rises" | "falls" ;
    reaction   = side ( "->" | "<=>" ) side [ "[" entry { "," entry } "]" ] ;
    side       = [ term { "+" term } ] ;
    term       = [ coefficient ] name ;
    coefficient = "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "10" ;
    entry      = [ key "=" ] number [ rate ] | "stage" "=" word ;
    key        = "k" | "kf" | "fw" | "kr" | "bw" | "rv" ;                k for ->, the others for <=>
    rate       = [ conc ] { "/" ( conc | time ) [ "^" digit ] } ;        must fit the order of the reaction
    conc       = "M" | "mM" | "uM" | "nM" | "pM" ;
    time       = "ms" | "s" | "min" | "h" | "d" ;
    name       = ( letter | "_" ) { letter | digit | "_" | "'" } ;
    word       = sign { sign } | string ;
    sign       = letter | digit | "_" | "." | "-" ;
    string     = a JSON string ;
    rest       = the rest of the line ;
    number     = ( digit { digit } [ "." { digit } ] | "." digit { digit } ) [ power ] ;
    power      = ( "e" | "E" ) [ "+" | "-" ] digit { digit } ;

Numbers without a unit are in the network's units; rates that are not given are 1. ``<=>`` stands for two reactions.
State order is the order in which statements other than doses declare species, then that of the reactions. A comment
behind a reaction is its note; comment lines above the first statement are ``meta`` entries with the key ``comment``;
other comments are not part of the network.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby

from dsd.crn_draft import Draft
from dsd.crn_header import HEADERS, LEVELS, concentration, role_set
from dsd.crn_reaction import MAX_COEFFICIENT, reaction
from dsd.errors import InputError
from dsd.lexer import NAME, Cursor, did_you_mean, quoted, quoted_word, unquoted
from dsd.limits import MAX_STATEMENTS, check_text
from dsd.network import Dose, Network, Reaction, Species, Threshold, network
from dsd.quantities import CONCENTRATIONS, TIMES

WIDTH = 100
"""Lists of species are broken into several statements beyond this width."""

_HEAD = re.compile(r"([A-Za-z_][A-Za-z0-9_']*)[ \t]*(@|=(?![=>]))")


def parse_crn(text: str, source: str = "<text>") -> Network:
    """The network that ``text`` describes; raises TextError, with ``source`` as the file's name, where it cannot."""
    check_text(text, source)
    draft = Draft()
    for number, line in enumerate(text.split("\n"), start=1):
        _read_line(Cursor(source, number, line.rstrip("\r")), draft)
    declared = [Species(name, said.initial or 0.0, said.role or "") for name, said in draft.species.items()]
    known = dict.fromkeys([*draft.species, *(name for r in draft.reactions for name in r.species)])
    for name, c, at in draft.mentions:
        if name not in known:
            remedy = did_you_mean(name, known, "declare it with @species or use it in a reaction")
            raise c.error(f"this dose names the unknown species {name}", remedy, at)
    return network(
        draft.reactions, declared, doses=draft.doses, units=draft.own_units, level=draft.level, meta=draft.meta
    )


def print_crn(net: Network) -> str:
    """The text of a network; raises InputError for a level, unit or threshold that the text form does not know."""
    blocks = [list(_header(net)), [print_reaction(r) for r in net.reactions]]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def print_reaction(r: Reaction) -> str:
    """One reaction as a line: ``A + 2 B -> C [k = 1, stage = N1]  # note``."""
    stage = f", stage = {quoted_word(r.stage)}" if r.stage else ""
    note = f"  # {quoted(r.note)}" if r.note else ""
    sides = f"{_print_side(r.reactants)} -> {_print_side(r.products)}".strip()
    return f"{sides} [k = {print_number(r.k)}{stage}]{note}"


def print_number(value: float) -> str:
    """The shortest text that reads back as the same number, without a trailing ``.0``."""
    return repr(float(value)).removesuffix(".0")


def _read_line(c: Cursor, draft: Draft) -> None:
    """Read the statements of a line and its comment."""
    first = len(draft.reactions)
    while not c.done:
        if c.symbol("#"):
            note = unquoted(c.rest())
            if not draft.begun:
                draft.meta.append(("comment", note))
            draft.reactions[first:] = [replace(r, note=note) for r in draft.reactions[first:]]
        elif not c.symbol(";"):
            first = len(draft.reactions)
            draft.begun = True
            _read_statement(c, draft)
            if not (c.done or c.text[c.pos] in ";#"):
                raise c.error(f"{c.found()} does not belong here", "end a statement with a new line or ;")
        if draft.size > MAX_STATEMENTS:
            raise c.error(f"there are more than {MAX_STATEMENTS} statements here", "split the network up")


def _read_statement(c: Cursor, draft: Draft) -> None:
    at = c.mark()
    if c.symbol("@"):
        word = c.take(NAME)
        if word not in HEADERS:
            words = [f"@{known}" for known in HEADERS]
            remedy = did_you_mean(f"@{word}", words, f"a line can start with {', '.join(words)}")
            if word in ("initial", "i", "constant", "c"):
                remedy = "name the species first, as in A @initial 10"
            raise c.error(f"no line starts with @{word}", remedy, at)
        HEADERS[word](c, draft)
    elif head := c.match(_HEAD):
        read = concentration if head[2] == "@" else role_set
        read(c, draft, head[1], at)
    else:
        reaction(c, draft)


def _header(net: Network) -> Iterator[str]:
    """Comments, level, units, meta, stages, species and doses, a line each."""
    comments = 0
    while comments < len(net.meta) and net.meta[comments][0] == "comment":
        yield f"# {quoted(net.meta[comments][1])}".rstrip()
        comments += 1
    if net.level:
        if net.level not in LEVELS:
            raise InputError(f"the text form has no level '{net.level}'; the levels are {', '.join(LEVELS)}")
        yield f"@level {net.level}"
    concentration_unit, time_unit = net.units.concentration, net.units.time
    if concentration_unit not in ("1", *CONCENTRATIONS) or time_unit not in ("1", *TIMES):
        known = f"1, {', '.join(CONCENTRATIONS)} and 1, {', '.join(TIMES)}"
        raise InputError(f"the text form has no units '{concentration_unit} {time_unit}'; use {known}")
    yield f"@units {concentration_unit} {time_unit}"
    for key, value in net.meta[comments:]:
        yield f"@meta {quoted_word(key)} = {quoted(value)}".rstrip()
    if stages := dict.fromkeys(r.stage for r in net.reactions if r.stage):
        yield f"@stages {' '.join(map(quoted_word, stages))}"
    for role, group in groupby(net.species, key=lambda s: s.role):
        yield from _print_species(role, group)
    yield from map(_print_dose, net.doses)


def _print_species(role: str, group: Iterator[Species]) -> Iterator[str]:
    """Neighbours in the state with the same role, on as few lines as fit the width."""
    start = f"@species {quoted_word(role)}: " if role else "@species: "
    line = ""
    for s in group:
        item = f"{s.name} = {print_number(s.initial)}" if s.initial else s.name
        if line and len(start) + len(line) + len(item) + 2 > WIDTH:
            yield start + line
            line = ""
        line += f", {item}" if line else item
    yield start + line


def _print_dose(dose: Dose) -> str:
    start = f"@dose {print_number(dose.amount)} {dose.species}"
    if not isinstance(dose.at, Threshold):
        return f"{start} at {print_number(dose.at)}"
    if not dose.at.species:
        raise InputError(f"the dose of {dose.species} waits for a threshold of no species; name at least one")
    crossing = "rises" if dose.at.direction > 0 else "falls"
    return f"{start} when {' + '.join(dose.at.species)} {crossing} {print_number(dose.at.level)}"


def _print_side(names: tuple[str, ...]) -> str:
    """``2 A + B``: neighbours that are equal get a coefficient."""
    terms = []
    for name, group in groupby(names):
        count = len(list(group))
        full, rest = divmod(count, MAX_COEFFICIENT)
        terms += [f"{MAX_COEFFICIENT} {name}"] * full
        terms += [f"{rest} {name}" if rest > 1 else name] if rest else []
    return " + ".join(terms)
