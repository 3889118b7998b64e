"""Network -> Julia text for Catalyst.jl: the reactions, the initial state, and doses as callbacks.

Catalyst divides rates by factorials unless told otherwise; the text tells it (``combinatoric_ratelaws false``), so that
``2 A -> B`` runs at k A², as everywhere in Strandgrad. No Julia is at hand where Strandgrad is tested: the text follows
the documented grammar (docs.sciml.ai/Catalyst) and says so itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from dsd.export.names import identifiers
from dsd.network import Dose, Network, Threshold

_WORDS = """
t im nothing missing pi e Inf NaN begin end function if else elseif for while do let quote true false in isa
return break continue const global local module struct macro using import export try catch finally where u0
doses network solve D
"""
RESERVED = frozenset(_WORDS.split())
"""Words of Julia and Catalyst, and those that the text uses itself."""


def catalyst(network: Network, name: str = "network") -> str:
    """A Julia script that defines ``network``, ``u0`` and ``doses``; it ends in a newline."""
    word = identifiers(network.names, RESERVED)
    units = f"{network.units.concentration} and {network.units.time}" if network.units.time != "1" else "no units"
    lines = [
        f"# {name}: written by Strandgrad, {units}; not checked against the tool (Catalyst.jl)",
        "# solve(ODEProblem(network, u0, (0.0, 3600.0)), Rodas5P(); callback = doses)",
        "using Catalyst, OrdinaryDiffEq, DiffEqCallbacks",
        "",
        "network = @reaction_network begin",
        "    @combinatoric_ratelaws false",
        f"    @species {' '.join(f'{word[n]}(t)' for n in network.names)}",
        *(f"    {r.k!r}, {_side(r.reactants, word)} --> {_side(r.products, word)}" for r in network),
        "end",
        "",
        "u0 = [",
        *(f"    :{word[s.name]} => {s.initial!r}," for s in network.species),
        "]",
        "",
        "doses = CallbackSet(",
        *(f"    {_callback(d, word)}," for d in network.doses),
        ")",
    ]
    return "\n".join(lines) + "\n"


def _side(multiset: Iterable[str], word: Mapping[str, str]) -> str:
    terms = [f"{n}*{word[x]}" if n > 1 else word[x] for x, n in Counter(multiset).items()]
    return " + ".join(terms) or "0"


def _callback(d: Dose, word: Mapping[str, str]) -> str:
    add = f"i -> i[:{word[d.species]}] += {d.amount!r}"
    if not isinstance(d.at, Threshold):
        return f"PresetTimeCallback([{d.at!r}], {add})"
    total = " + ".join(f"i[:{word[s]}]" for s in d.at.species)
    up, down = (add, "nothing") if d.at.direction > 0 else ("nothing", add)
    return f"ContinuousCallback((u, t, i) -> {total} - {d.at.level!r}, {up}, {down})"
