"""Formal or clocked network -> DNA system: every reaction becomes gates and fuels made of domains and strands.

In: a :class:`Network` and a :class:`Lowering`. Out: a :class:`System` whose concentrations meet the network's rates
(:mod:`dsd.mapping`), and the interpretation of its strands in the network's species.

Reaction j becomes, by its numbers n of reactants and m of products: n, m >= 1 a join ``J{j}`` and a fork ``F{j}``
linked by the translator ``T{j}``; m = 0 an annihilator or sink ``A{j}`` (``A{j}m`` the mirror image), or, where
that would be too few molecules to last, a join and a fork without outputs; n = 0 a source ``S{j}``. The order of
reactants is the order of the join: the first is sequestered, the last only in flight.
"""

from __future__ import annotations

from dsd.interpretation import Interpretation
from dsd.lowering import Lowering
from dsd.mapping import Mapped, Mapping, ordered, solve
from dsd.network import Dose, Network, Reaction, Threshold
from dsd.pot import Pot
from dsd.schemes import annihilator, scheme, source, two_domain
from dsd.schemes.two_domain import Toehold, universal_toehold
from dsd.system import Module, System

__all__ = ["Lowering", "lower", "lower_mapped"]


def lower(network: Network, options: Lowering, assign: Toehold = universal_toehold) -> tuple[System, Interpretation]:
    """Compile a network into strand displacement gates.

    ``assign`` names the toehold in front of each long domain. Whatever it does, the toehold behind a long domain must
    be the one in front of the next in every gate, or reverse strands would differ between gates.

    Raises :class:`InputError` for units or names that do not fit, :class:`MappingError` where no concentrations meet
    the rates.
    """
    system, _ = lower_mapped(network, options, assign)
    return system, system.interpretation


def lower_mapped(network: Network, options: Lowering, assign: Toehold = universal_toehold) -> tuple[System, Mapping]:
    """As :func:`lower`, with how each rate was met; the interpretation is the system's own."""
    network = ordered(network, options)
    mapping = solve(network, options)
    pot = Pot(network, options, _recycled(network, mapping), assign)
    modules = tuple(_module(pot, r, m) for r, m in zip(network, mapping.records, strict=True))
    system = System(
        domains=tuple(sorted(pot.domains.values(), key=lambda d: not d.toehold)),
        strands=tuple(pot.strands.values()),
        complexes=tuple(pot.complexes.values()),
        doses=tuple(_dose(pot, d, mapping) for d in network.doses),
        interpretation=Interpretation(tuple(pot.meaning.items())),
        toeless=tuple(pot.toeless),
        modules=modules,
        meta=(*network.meta, *_meta(options)),
    )
    return system, mapping


def _module(pot: Pot, r: Reaction, m: Mapped) -> Module:
    """Build the gates and fuels of one reaction."""
    build = {"join": _join_fork, "source": _source}.get(m.kind, _annihilator)
    gates, fuels = build(pot, r, m)
    values = {
        "target": m.target,
        "achieved": m.achieved,
        "gate_nM": m.gate_nM,
        "reverse_nM": pot.options.reverse_nM,
        "helper_nM": m.helper_nM,
        "fork_nM": m.fork_nM,
    }
    return Module(m.index, m.text, m.kind, gates, fuels, tuple(values.items()))


def _join_fork(pot: Pot, r: Reaction, m: Mapped) -> tuple[tuple[str, ...], tuple[str, ...]]:
    j, t, chosen = m.index, pot.toehold, scheme(pot.options.scheme)
    flux, link = pot.domain(f"i{j}") if chosen.irreversible else "", pot.domain(f"r{j}")
    helper = pot.strand(chosen.helper(flux, link, t), f"H{j}", "helper", m.helper_nM, j)
    translator = pot.strand(two_domain.translator(link, t), f"T{j}", "translator", reaction=j)
    pot.meaning[translator.name] = r.products
    if flux:
        pot.strand((flux,), f"B{j}", "waste", reaction=j)
    pot.strand((t(link), link), f"W{j}", "waste", reaction=j)
    end, end_name = _end(pot, r)
    inputs = tuple(pot.long[x] for x in r.reactants)
    outputs = tuple(pot.long[y] for y in r.products)
    latch = translator.domains
    join = pot.gate(chosen.join(inputs, flux, link, t), f"J{j}", "join", m.gate_nM, latch, j)
    fork = pot.gate(two_domain.fork(outputs, link, end, t), f"F{j}", "fork", m.fork_nM, latch, j)
    return (join, fork), (helper.name, end_name)


def _end(pot: Pot, r: Reaction) -> tuple[str, str]:
    """End domain and end strand of a fork: a dosed species that the reaction uses up, else the universal end."""
    net = r.net()
    for x in r.reactants:
        if x in pot.options.dosed and net.get(x, 0) < 0:
            pot.bare(pot.long[x], pot.signal[x] + "_b")
            return pot.long[x], pot.strands[two_domain.reverse(pot.long[x], pot.toehold)].name
    end = pot.universal_end()
    return end, pot.strands[two_domain.reverse(end, pot.toehold)].name


def _annihilator(pot: Pot, r: Reaction, m: Mapped) -> tuple[tuple[str, ...], tuple[str, ...]]:
    orders = [r.reactants, r.reactants[::-1]] if m.mirror else [r.reactants]
    gates = []
    for reactants, suffix in zip(orders, ("", "m"), strict=False):
        last = reactants[-1]
        latch = pot.bare(pot.long[last], pot.signal[last] + "_b")
        duplex = annihilator.annihilator(tuple(pot.long[x] for x in reactants), pot.toehold)
        gates.append(pot.gate(duplex, f"A{m.index}{suffix}", "annihilator", m.gate_nM, latch, m.index))
    return tuple(gates), ()


def _source(pot: Pot, r: Reaction, m: Mapped) -> tuple[tuple[str, ...], tuple[str, ...]]:
    j, t = m.index, pot.toehold
    flux, link = pot.domain(f"i{j}"), pot.domain(f"r{j}")
    initiator = pot.strand(source.initiator(flux, link), f"I{j}", "initiator", m.helper_nM, j)
    pot.strand((flux,), f"B{j}", "waste", reaction=j)
    pot.strand((t(link), link), f"W{j}", "waste", reaction=j)
    outputs = tuple(pot.long[y] for y in r.products)
    duplex = source.source(outputs, flux, link, pot.universal_end(), t)
    gate = pot.gate(duplex, f"S{j}", "source", m.gate_nM, initiator.domains, j)
    pot.toeless.append((initiator.name, gate))
    return (gate,), (initiator.name, pot.strands[two_domain.reverse(pot.end, t)].name)


def _recycled(network: Network, mapping: Mapping) -> tuple[str, ...]:
    """Species whose reverse strand some gate releases or takes up, in state order."""
    used: set[str] = set()
    for r, m in zip(network, mapping.records, strict=True):
        used.update(r.reactants if m.kind == "join" or m.mirror else r.reactants[:-1], r.products)
    return tuple(x for x in network.names if x in used)


def _dose(pot: Pot, dose: Dose, mapping: Mapping) -> Dose:
    """The dose in nM and s. Thresholds watch free signals, so their level shrinks by the mean free fraction."""
    o, at = pot.options, dose.at
    if isinstance(at, Threshold):
        free = dict(mapping.free)
        share = sum(free[x] for x in at.species) / len(at.species)
        at = Threshold(tuple(pot.signal[x] for x in at.species), at.level * o.unit_nM * share, at.direction)
    else:
        at = at * o.unit_s
    return Dose(pot.signal[dose.species], dose.amount * o.unit_nM, at)


def _meta(o: Lowering) -> tuple[tuple[str, str], ...]:
    return (
        ("scheme", o.scheme),
        ("profile", o.profile),
        ("unit_nM", repr(o.unit_nM)),
        ("unit_s", repr(o.unit_s)),
    )
