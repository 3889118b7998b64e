"""Reactions of three and more inputs -> reactions of two, through complexes that form and fall apart quickly.

In: a network, and how much of each species there is at most. Out: a network without a reaction of more than two
reactants, and the interpretation that reads a complex AB as A + B.

``A + B + C -> P`` at k becomes ``A + B <-> AB`` and ``AB + C -> P``. In quasi-equilibrium ``[AB] = K [A] [B]``, so
``AB + C`` at ``k / K`` has the rate of the original. At most a share e of A or B is to stand in AB: with ``a`` and
``b`` the most there is of them, ``K = e / max(a, b)``. AB falls apart ``1 / e`` times as fast as anything else uses it
up, at ``(sum of (k / K) c) / e``. A reaction is then slower than the original by at most the share of its inputs that
stands in complexes, and by the e by which AB lags behind: a reaction that goes through m complexes, and whose inputs
take part in s of them, loses at most about ``(s + m) e`` of its rate (:func:`slowing`). Where other reactions change A
or B faster than AB falls apart, AB lags behind those too.

Pairs that most reactions have in common come first, and one complex serves all of them. A clock species is paired last.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import combinations

from dsd.errors import InputError
from dsd.interpretation import Interpretation, identity
from dsd.network import Network, Reaction, Species

Pair = tuple[str, str]

ROLE = "complex"
"""Role of the complexes."""


@dataclass(frozen=True)
class Bimolecular:
    """The network, its interpretation in the original's species, and the error of every original reaction's rate.

    ``slowing`` (one number a reaction of the original) is the bound on the share of its rate that it loses.
    """

    network: Network
    interpretation: Interpretation
    slowing: tuple[float, ...]


def bimolecular(network: Network, most: Mapping[str, float], share: float = 0.1) -> Bimolecular:
    """Lower every reaction of more than two reactants; ``most`` of each species, ``share`` e of it in a complex.

    A network without such reactions is returned as it is. Raises :class:`InputError` for a share that is not between 0
    and 1/2, and for a reactant of which ``most`` says there is none.
    """
    if not 0 < share < 0.5:
        raise InputError(f"the share {share:g} of a signal in a complex is no small one; give a number from 0 to 0.5")
    pairs = _pairs(network)
    if not pairs:
        return Bimolecular(network, identity(network.names), tuple(0.0 for _ in network))
    height, constant = dict(most), dict[str, float]()
    for name, (a, b) in pairs.items():
        for x in (a, b):
            if not height.get(x, 0.0) > 0:
                raise InputError(f"{name} is made of {x}, of which there is none at most; say how much there is of it")
        constant[name] = share / max(height[a], height[b])
        height[name] = constant[name] * height[a] * height[b]
    rest = [_lowered(r, pairs, constant) for r in network]
    exchange = [r for name, pair in pairs.items() for r in _exchange(name, pair, rest, pairs, constant, height, share)]
    species = (*network.species, *(Species(name, 0.0, ROLE) for name in pairs))
    meaning: dict[str, tuple[str, ...]] = {n: (n,) for n in network.names}
    for name, (a, b) in pairs.items():
        meaning[name] = (*meaning[a], *meaning[b])
    meta = (*(pair for pair in network.meta if pair[0] != "complexes"), ("complexes", _written(pairs)))
    made = replace(network, reactions=(*rest, *exchange), species=species, meta=meta)
    return Bimolecular(made, Interpretation(tuple(meaning.items())), slowing(network, pairs, share))


def slowing(network: Network, pairs: Mapping[str, Pair], share: float) -> tuple[float, ...]:
    """Of each reaction the share of its rate that it loses at most: e for each complex that holds one of its inputs,
    once an input, and e for each that it goes through.
    """
    parts: dict[str, tuple[str, ...]] = {}
    for name, (a, b) in pairs.items():
        parts[name] = (*parts.get(a, (a,)), *parts.get(b, (b,)))
    holding = Counter(x for held in parts.values() for x in held)
    bound = []
    for r in network:
        steps = max(0, r.order - 2)
        bound.append(min(1.0, share * (steps + sum(holding[x] for x in r.reactants))))
    return tuple(bound)


def read_complexes(network: Network) -> Interpretation | None:
    """The interpretation of a network that :func:`bimolecular` made and that was printed; None for any other.

    Raises :class:`InputError` where its header names species that it does not have.
    """
    text = network.get("complexes")
    if not text:
        return None
    meaning: dict[str, tuple[str, ...]] = {s.name: (s.name,) for s in network.species if s.role != ROLE}
    for part in text.split(","):
        words = part.split()
        if len(words) != 3 or words[1] not in meaning or words[2] not in meaning or words[0] not in network.index:
            raise InputError(f"'@meta complexes' has '{part.strip()}'; write a complex and the two it is made of")
        meaning[words[0]] = (*meaning[words[1]], *meaning[words[2]])
    return Interpretation(tuple(meaning.items()))


def _pairs(network: Network) -> dict[str, Pair]:
    """Complex -> what it is made of, so that every reaction comes down to two; the most frequent pairs first."""
    role = {s.name: s.role for s in network.species}
    left = [r.reactants for r in network]
    found: dict[str, Pair] = {}
    while any(len(names) > 2 for names in left):
        counts: Counter[Pair] = Counter()
        for names in left:
            if len(names) > 2:
                counts.update({_sorted(a, b, network) for a, b in combinations(names, 2)})
        clocks = {p: sum(role.get(x) == "clock" for x in p) for p in counts}
        pair = min(counts, key=lambda p: (clocks[p], -counts[p], [_place(x, network) for x in p]))
        name = "_".join(pair)
        while name in network.index or name in found:
            name += "_"
        found[name] = pair
        left = [_taken(names, pair, name) if len(names) > 2 else names for names in left]
    return found


def _sorted(a: str, b: str, network: Network) -> Pair:
    return (a, b) if _place(a, network) <= _place(b, network) else (b, a)


def _place(name: str, network: Network) -> tuple[int, str]:
    """Species in their order, complexes behind them."""
    return network.index.get(name, len(network.names)), name


def _taken(names: tuple[str, ...], pair: Pair, name: str) -> tuple[str, ...]:
    """``names`` with one pair replaced by its complex, if it is there."""
    rest = list(names)
    for x in pair:
        if x not in rest:
            return names
        rest.remove(x)
    return (name, *rest)


def _lowered(r: Reaction, pairs: Mapping[str, Pair], constant: Mapping[str, float]) -> Reaction:
    """The last step of a reaction: what is left when its pairs stand as complexes, at k over their constants."""
    names, k = r.reactants, r.k
    while len(names) > 2:
        name = next(n for n, pair in pairs.items() if _taken(names, pair, n) != names)
        names, k = _taken(names, pairs[name], name), k / constant[name]
    return replace(r, reactants=names, k=k)


def _exchange(
    name: str, pair: Pair, rest: list[Reaction], pairs: Mapping[str, Pair], constant: Mapping[str, float],
    height: Mapping[str, float], share: float,
) -> tuple[Reaction, Reaction]:  # fmt: skip
    """``A + B <-> AB``: as fast as e asks for."""
    use = 0.0
    for r in rest:
        if name in r.reactants:
            others = list(r.reactants)
            others.remove(name)
            use += r.k * _product(others, height)
    for other, parts in pairs.items():
        if name in parts:
            use += _binding(other, rest, pairs, constant, height, share) * height[parts[1 - parts.index(name)]]
    back = use / share
    stage = next((r.stage for r in rest if name in r.reactants), "")
    return (
        Reaction(pair, (name,), back * constant[name], stage, f"{' and '.join(pair)} meet"),
        Reaction((name,), pair, back, stage, "and part"),
    )


def _binding(
    name: str, rest: list[Reaction], pairs: Mapping[str, Pair], constant: Mapping[str, float],
    height: Mapping[str, float], share: float,
) -> float:  # fmt: skip
    """Rate constant at which the complex ``name`` forms."""
    return _exchange(name, pairs[name], rest, pairs, constant, height, share)[0].k


def _product(names: list[str], height: Mapping[str, float]) -> float:
    out = 1.0
    for x in names:
        out *= height.get(x, 0.0)
    return out


def _written(pairs: Mapping[str, Pair]) -> str:
    return ", ".join(f"{name} {a} {b}" for name, (a, b) in pairs.items())
