"""The four-domain scheme: signals ``<h a b c>``, a history, a toehold, a long domain, a toehold.

In: a network. Out: a :class:`~dsd.kernel_system.KernelSystem`. Soloveichik, Seelig & Winfree, PNAS 107:5393 (2010).

A reaction of inputs x1 ... xn is a gate ``G`` whose bottom is ``a1* b1* c1* a2* ...``: x1 lands on the open ``a1`` and
displaces ``<b1 c1 a2>``, which opens ``a2`` for x2, and so on; these steps run back by the strands displaced, which are
fuels. The last input displaces ``O = <bn cn h1 y1_a h2 y2_a ...>`` for good, and O displaces the outputs from their
gate ``T``, each with a history of its own. A reaction without inputs starts from a signal that is supplied as fuel.

A buffer ``L`` takes a signal up and gives it back: its bottom is ``a* b* c* e*``, and the strand displaced from it,
``<b c e>``, is a fuel too. Which signals need one is a matter of rates (:mod:`dsd.buffering`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise

from dsd.domains import Domain, Sequence, complement
from dsd.kernel import Structure, strand_structure
from dsd.kernel_system import KernelModule, KernelSystem, Meaning
from dsd.network import Network, Reaction
from dsd.verify import shape_of

NAME = "four-domain"


def build(network: Network, toehold_nt: int = 5, long_nt: int = 15, buffered: Iterable[str] = ()) -> KernelSystem:
    """The signals, gates and fuels of every reaction, then the buffers of the species ``buffered``.

    Rates play no part.
    """
    names = list(network.names)
    number = {x: f"x{i}" for i, x in enumerate(names)}
    long, short = [], []
    for x in names:
        long += [f"{number[x]}h", f"{number[x]}b"]
        short += [f"{number[x]}a", f"{number[x]}c"]
    modules = []
    for j, r in enumerate(network):
        histories = [f"h{j}_{k}" for k in range(len(r.products))]
        long += histories
        if not r.reactants:
            long += [f"s{j}h", f"s{j}b"]
            short += [f"s{j}a", f"s{j}c"]
        modules.append(_module(j, r, number, histories))
    for x in buffered:
        short.append(f"{number[x]}e")
        modules.append(_buffer(x, number))
    domains = [Domain(d, toehold_nt, True) for d in short] + [Domain(d, long_nt) for d in long]
    return KernelSystem(NAME, tuple(domains), tuple(modules))


def _module(j: int, r: Reaction, number: Mapping[str, str], histories: list[str]) -> KernelModule:
    inputs = [number[x] for x in r.reactants] or [f"s{j}"]
    outputs = [number[y] for y in r.products]
    tail = tuple(d for h, y in zip(histories, outputs, strict=True) for d in (h, f"{y}a"))
    last = (f"{inputs[-1]}b", f"{inputs[-1]}c", *tail)
    between = [(f"{x}b", f"{x}c", f"{y}a") for x, y in pairwise(inputs)]
    gate = _tailed((f"{inputs[0]}a",), [*((strand, len(strand)) for strand in between), (last, 2)])
    fuels = [(f"G{j}", gate)]
    fuels += [(f"B{j}_{k}", strand_structure(strand)) for k, strand in enumerate(dict.fromkeys(between))]
    if outputs:
        made: list[tuple[Sequence, int]] = [
            ((h, f"{y}a", f"{y}b", f"{y}c"), 2) for h, y in zip(histories, outputs, strict=True)
        ]
        fuels.append((f"T{j}", _tailed((f"{inputs[-1]}c",), made)))
    if not r.reactants:
        fuels.append((f"I{j}", strand_structure(_signal(f"s{j}"))))
    signals = tuple((x, strand_structure(_signal(number[x]))) for x in r.species)
    species = {f"{i}b": x for x, i in number.items()}
    meaning = _meaning(r, species, last, gate.strands[-1])
    return KernelModule(
        r,
        shape_of(r),
        tuple(fuels),
        signals,
        meaning,
        lambda s: len(s.strands) == 1 and bool(_carried(s.strands[0], species)),
        latch=last,
    )


def _buffer(x: str, number: Mapping[str, str]) -> KernelModule:
    """What takes x up and gives it back; its complexes always mean the signals they hold."""
    i = number[x]
    held = (f"{i}b", f"{i}c", f"{i}e")
    gate, signal, species = _tailed((f"{i}a",), [(held, 3)]), _signal(i), {f"{i}b": x}
    r = Reaction((x,), (x,))
    return KernelModule(
        r,
        shape_of(r),
        ((f"L{i[1:]}", gate), (f"BL{i[1:]}", strand_structure(held))),
        ((x, strand_structure(signal)),),
        lambda s: tuple(y for strand in s.strands for y in _carried(strand, species)),
        lambda s: len(s.strands) == 1 and bool(_carried(s.strands[0], species)),
        latch=gate.strands[-1],
        kind="buffer",
    )


def _signal(x: str) -> Sequence:
    return (f"{x}h", f"{x}a", f"{x}b", f"{x}c")


def _tailed(opened: Sequence, tops: list[tuple[Sequence, int]]) -> Structure:
    """A bottom strand with an open toehold on its left and ``tops`` on it, each by its first so many domains."""
    covered = [d for strand, bound in tops for d in strand[:bound]]
    bottom = complement((*opened, *covered))
    strands = (*(strand for strand, _ in tops), bottom)
    total = sum(len(s) for s in strands)
    pairs = [-1] * total
    at, position = 0, len(opened)
    for strand, bound in tops:
        for k in range(bound):
            partner = total - 1 - position
            pairs[at + k], pairs[partner] = partner, at + k
            position += 1
        at += len(strand)
    return Structure(strands, tuple(pairs))


def _carried(strand: Sequence, species: Mapping[str, str]) -> tuple[str, ...]:
    """The species a strand is a signal of, whatever its history; ``species`` is by long domain."""
    return (species[strand[2]],) if len(strand) == 4 and strand[2] in species else ()


def _meaning(r: Reaction, species: Mapping[str, str], last: Sequence, bottom: Sequence) -> Meaning:
    """What the complexes of a module mean: inputs while ``O`` sits on its gate, outputs while it is free."""

    def meaning(s: Structure) -> tuple[str, ...]:
        if s.strands == (last,):
            return r.products
        if len(s.strands) == 1:
            return _carried(s.strands[0], species)
        if bottom in s.strands and last in s.strands:
            return tuple(x for strand in s.strands if strand != last for x in _carried(strand, species))
        return ()

    return meaning
