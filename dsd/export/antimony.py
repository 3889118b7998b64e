"""Network -> Antimony text: species, mass action with a number for each rate, and doses as events.

Antimony (Smith, Bergmann, Chandran & Sauro, Bioinformatics 25:2452, 2009) is read by Tellurium and libAntimony. The
rate of ``2 A -> B`` is written ``k*A*A``, as everywhere in Strandgrad.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from dsd.export.names import identifiers
from dsd.network import Dose, Network, Threshold

_WORDS = """
abs acos after and arccos arcsin arctan at avogadro ceil const cos compartment delete delay DNA else end event
exp exponentiale factorial false floor formula function gene has identical if import in infinity is ln log
maximize maximum minimum model module not notanumber operator or pi piecewise pow priority reaction root since
sin species sqrt substance substanceOnly t0 tan time time_unit true unit until var volume xor tube nanomolar
extent area length
"""
RESERVED = frozenset(_WORDS.split())
"""Words of Antimony, and those that the text uses itself."""

_UNITS = """\
  unit substance = 1e-9 mole;
  unit extent = 1e-9 mole;
  unit volume = litre;
  unit time_unit = second;
"""


def antimony(network: Network, name: str = "network") -> str:
    """The model as text ending in a newline; amounts are in nM and s, or without units for a formal network."""
    own = {f"R{j}_" for j in range(len(network.reactions))} | {f"E{j}_" for j in range(len(network.doses))}
    word = identifiers(network.names, RESERVED | own)
    title = identifiers([name], RESERVED | own | set(word.values()))[name]
    lines = ["// Written by Strandgrad. Mass action without factorials.", f"model {title}"]
    if network.units.concentration == "nM":
        lines += _UNITS.rstrip().split("\n")
    lines.append("  compartment tube = 1;")
    lines += [f"  species {word[s.name]} in tube = {s.initial!r};" for s in network.species]
    for j, r in enumerate(network):
        law = "*".join([repr(r.k), *(word[x] for x in r.reactants)])
        lines.append(f"  R{j}_: {_side(r.reactants, word)} -> {_side(r.products, word)}; {law}*tube;")
    lines += [f"  E{j}_: {_event(d, word)};" for j, d in enumerate(network.doses)]
    return "\n".join([*lines, "end"]) + "\n"


def _side(multiset: Iterable[str], word: Mapping[str, str]) -> str:
    return " + ".join(f"{n} {word[x]}" if n > 1 else word[x] for x, n in Counter(multiset).items())


def _event(d: Dose, word: Mapping[str, str]) -> str:
    """A trigger that is true at the start counts as not yet crossed only where a dose is due at time 0."""
    x, at = word[d.species], d.at
    if isinstance(at, Threshold):
        total = " + ".join(word[s] for s in at.species)
        when = f"at {total} {'>' if at.direction > 0 else '<'} {at.level!r}, t0=true"
    else:
        when = f"at time >= {at!r}, t0={'false' if at <= 0 else 'true'}"
    return f"{when}: {x} = {x} + {d.amount!r}"
