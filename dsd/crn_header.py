"""Reads the statements of `.crn` text that declare: those with @ and sets such as ``formal = {A}``.

In: a cursor behind the word that names the statement. Out: its content in the draft.
"""

from __future__ import annotations

from collections.abc import Callable

from dsd.crn_draft import UNIT, Draft, amount, declare, scaled, time
from dsd.lexer import NAME, Cursor, did_you_mean
from dsd.limits import MAX_MOLECULES
from dsd.network import Dose, Threshold, Units
from dsd.quantities import CONCENTRATIONS, TIMES, concentration_scale, spelled

LEVELS = ("formal", "clocked", "network")
ROLE_SETS = {"formal": "formal", "formals": "formal", "signals": "signal", "fuels": "fuel"}

_SPECIES = "write '@species input: X1 = 3, X2', or '@species: X1, X2' for no role"
_DOSE = "write '@dose 3 X1 at 10' or '@dose 3 X1 when O1 + O2 rises 0.5'"


def concentration(c: Cursor, draft: Draft, name: str, at: int) -> None:
    """Read what follows ``name @``: the initial concentration."""
    kind_at = c.mark()
    kind = c.take(NAME)
    if kind in ("constant", "c"):
        remedy = f"use {name} only as a catalyst, on both sides of each reaction, and give its @initial"
        raise c.error("constant concentrations are not supported", remedy, kind_at)
    if kind not in ("initial", "i"):
        raise c.error(f"{name} @{kind} is unknown", f"write {name} @initial 10", kind_at)
    declare(draft, c, name, at, initial=amount(c, draft.own_units, "an initial concentration"))


def role_set(c: Cursor, draft: Draft, name: str, at: int) -> None:
    """Read what follows ``name =``: the set of species that have this role."""
    if name not in ROLE_SETS:
        remedy = did_you_mean(name, ROLE_SETS, f"only {', '.join(ROLE_SETS)} can be set so")
        raise c.error(f"{name} = is unknown", remedy, at)
    form = f"write {name} = {{A, B}}"
    c.expect("{", form)
    if c.symbol("}"):
        return
    while True:
        at = c.mark()
        declare(draft, c, c.name(form), at, role=ROLE_SETS[name])
        if c.symbol("}"):
            return
        c.expect(",", form)


def _level(c: Cursor, draft: Draft) -> None:
    at = c.mark()
    level = c.word(f"the levels are {', '.join(LEVELS)}")
    if level not in LEVELS:
        remedy = did_you_mean(level, LEVELS, f"the levels are {', '.join(LEVELS)}")
        raise c.error(f"there is no level {level}", remedy, at)
    if draft.level:
        raise c.error("the level is given twice", "give it once", at)
    draft.level = level


def _units(c: Cursor, draft: Draft) -> None:
    at = c.mark()
    if draft.units is not None:
        raise c.error("the units are given twice", "give them once", at)
    if draft.species or draft.reactions or draft.doses:
        raise c.error("the units come too late", "move @units above the species, reactions and doses", at)
    read: list[str] = []
    for table, kind in ((CONCENTRATIONS, "concentration"), (TIMES, "time")):
        at = c.mark()
        unit = "1" if c.symbol("1") else spelled(c.take(UNIT))
        if unit != "1" and unit not in table:
            remedy = f"write '@units nM s' or '@units 1 1'; the {kind} units are 1, {', '.join(table)}"
            shown = f"'{unit}'" if unit else c.found()
            raise c.error(f"expected a {kind} unit but found {shown}", remedy, at)
        read.append(unit)
    draft.units = Units(read[0], read[1])


def _meta(c: Cursor, draft: Draft) -> None:
    form = "write @meta key = text"
    key = c.word(form)
    c.expect("=", form)
    c.mark()
    value = c.word(form) if c.text.startswith('"', c.pos) else c.rest()
    draft.meta.append((key, value))


def _stages(c: Cursor, draft: Draft) -> None:
    at = c.mark()
    if draft.stages is not None or any(r.stage for r in draft.reactions):
        raise c.error("the stages come twice or too late", "write @stages once, above the reactions", at)
    form = "write @stages N1 N2 N3 N4"
    stages = [c.word(form)]
    while not (c.done or c.text[c.pos] in ";#"):
        stages.append(c.word(form))
        if len(stages) > MAX_MOLECULES:
            raise c.error(f"there are more than {MAX_MOLECULES} stages", "name each stage once")
    draft.stages = dict.fromkeys(stages)


def _species(c: Cursor, draft: Draft) -> None:
    role: str | None = None
    if not c.symbol(":"):
        role = c.word(_SPECIES)
        c.expect(":", _SPECIES)
    while True:
        at = c.mark()
        name = c.name(_SPECIES)
        if name in draft.species and draft.species[name].listed:
            raise c.error(f"species {name} is declared twice", "declare it once", at)
        initial = amount(c, draft.own_units, "an initial concentration") if c.symbol("=") else None
        declare(draft, c, name, at, initial=initial, role=role).listed = True
        if not c.symbol(","):
            return


def _dose(c: Cursor, draft: Draft) -> None:
    added, at = c.number("a dose"), c.mark()
    name = c.name(_DOSE)
    # A unit is followed by the species; a species that is called like a unit is followed by at or when.
    after = c.pos
    if spelled(name) in CONCENTRATIONS and c.take(NAME) not in ("", "at", "when"):
        unit, c.pos = name, after
        added = scaled(c, at, added, lambda: concentration_scale(unit, draft.own_units))
        at = c.mark()
        name = c.name(_DOSE)
    else:
        c.pos = after
    draft.mentions.append((name, c, at))
    at = c.mark()
    when = c.take(NAME)
    if when not in ("at", "when"):
        c.pos = at
        raise c.error(f"expected at or when but found {c.found()}", _DOSE, at)
    draft.doses.append(Dose(name, added, _threshold(c, draft) if when == "when" else time(c, draft.own_units)))


def _threshold(c: Cursor, draft: Draft) -> Threshold:
    watched: list[str] = []
    while not watched or c.symbol("+"):
        at = c.mark()
        watched.append(c.name(_DOSE))
        draft.mentions.append((watched[-1], c, at))
        if len(watched) > MAX_MOLECULES:
            raise c.error(f"the threshold adds up more than {MAX_MOLECULES} species", "watch fewer", at)
    at = c.mark()
    direction = c.take(NAME)
    if direction not in ("rises", "falls"):
        c.pos = at
        raise c.error(f"expected rises or falls but found {c.found()}", _DOSE, at)
    level = amount(c, draft.own_units, "a threshold", signed=True)
    return Threshold(tuple(watched), level, 1 if direction == "rises" else -1)


HEADERS: dict[str, Callable[[Cursor, Draft], None]] = {
    "level": _level,
    "units": _units,
    "meta": _meta,
    "stages": _stages,
    "species": _species,
    "dose": _dose,
}
"""The words that can follow @ at the start of a line."""
