"""Networks as Markov chains of molecule counts.

In: a network and the number of molecules in one concentration unit. Out: a :class:`Chain`: integer quantities, the
propensity of each reaction in terms of them, and how they are read as species.

Propensities follow from the project's rate law (:mod:`dsd.network`): with ``omega`` molecules to a concentration unit a
reaction of order n with constant k fires ``k * omega**(1 - n) * prod(n_S * (n_S - 1) * ...)`` times per time unit, one
falling factorial for each reactant by its multiplicity. So ``2 S ->`` has the propensity ``k / omega * n * (n - 1)``,
and its rate in concentrations goes to ``k * S**2`` as omega grows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csc_array, csr_array

from dsd.hypergeometric import spread
from dsd.network import Network, Reaction
from dsd.propensities import Hub, Ints, Plan, Product, plan


@dataclass(frozen=True, slots=True)
class Exchange:
    """A strand's exchange with its gates, ``gate + strand <-> loaded + partner``, taken to be in equilibrium.

    ``strand`` and ``partner`` are what is exchanged (a signal and its reverse strand); ``gates`` are the pairs
    (bare, loaded): a bare gate holds a partner, a loaded one the strand. Both directions of a pair have equal rate
    constants. So there are places, free or in a gate, each with a strand or a partner in it, and in equilibrium the
    strands are spread over the places with equal probability. All names are of species.
    """

    strand: str
    partner: str
    gates: tuple[tuple[str, str], ...]

    @property
    def places(self) -> tuple[tuple[str, str], ...]:
        """(with a partner, with a strand) of every kind of place: free first, then gate by gate."""
        return ((self.partner, self.strand), *self.gates)


@dataclass(frozen=True, eq=False)
class Chain:
    """Q quantities of a network of N species.

    ``matrix`` (Q, N): quantities from counts; ``terms``, ``changes``: propensity and effect of each reaction that is
    left; ``species`` (N): expected count of each species given the quantities. Without exchanges the quantities are
    the counts. ``blocks`` has for each exchange the columns of its places, as (with a partner, with a strand), and
    the rows of its quantities: strands, then each kind of place.
    """

    network: Network
    matrix: csr_array
    terms: tuple[Product, ...]
    changes: tuple[dict[int, int], ...]
    species: tuple[Product, ...]
    plain: tuple[tuple[int, int], ...]
    blocks: tuple[tuple[tuple[tuple[int, int], ...], tuple[int, ...]], ...]

    def plan(self) -> Plan:
        """The arrays for :mod:`dsd.ssa`."""
        return plan(self.terms, self.changes)

    def counts(self, rows: Ints, rng: np.random.Generator) -> Ints:
        """Counts (M, N) for quantities (M, Q); what is in equilibrium is drawn from it, each row on its own."""
        counts = np.zeros((len(rows), len(self.network.species)), dtype=np.int64)
        for column, quantity in self.plain:
            counts[:, column] = rows[:, quantity]
        for columns, (strands, *places) in self.blocks:
            for found, row in zip(counts, rows, strict=True):
                room = row[list(places)]
                loaded = spread(room, int(row[strands]), rng)
                for (partner, strand), n, x in zip(columns, room, loaded, strict=True):
                    found[partner], found[strand] = n - x, x
        return counts


def chain(network: Network, omega: float, exchanges: Sequence[Exchange] = ()) -> Chain:
    """The chain at ``omega`` molecules per concentration unit; the reactions of ``exchanges`` are left out of it.

    A reaction with reactants in an exchange has the expectation of its propensity over the equilibrium: a species is
    ``label * place / all``, labels and places being what it is counted under, and a second reactant of the same
    exchange sees one less of each.
    """
    index = network.index
    members = dict.fromkeys(n for e in exchanges for place in e.places for n in place)
    plain = tuple((i, q) for q, i in enumerate(i for n, i in index.items() if n not in members))
    factors: dict[str, tuple[tuple[int, ...], int]] = {network.names[i]: ((q,), -1) for i, q in plain}
    entries = [(q, i) for i, q in plain]
    blocks, size = [], len(plain)
    for e in exchanges:
        bare, loaded, everything, first = size, size + 1, size + 2, size + 3
        size = first + len(e.places)
        for place, pair in enumerate(e.places, start=first):
            for label, name in zip((bare, loaded), pair, strict=True):
                factors[name] = (label, place), everything
                entries += [(q, index[name]) for q in (label, place, everything)]
        columns = tuple((index[a], index[b]) for a, b in e.places)
        blocks.append((columns, (loaded, *range(first, size))))
    matrix = _matrix(entries, (size, len(index)))
    fast = {side for e in exchanges for side in sides(e)}
    left = [r for r in network.reactions if (tuple(sorted(r.reactants)), tuple(sorted(r.products))) not in fast]
    columns_of = matrix.tocsc()
    return Chain(
        network,
        matrix,
        tuple(_product(factors, r.reactants, r.k * omega ** (1 - r.order)) for r in left),
        tuple(_change(columns_of, index, r) for r in left),
        tuple(_product(factors, (n,), 1.0) for n in network.names),
        plain,
        tuple(blocks),
    )


Factors = dict[str, tuple[tuple[int, ...], int]]


def _product(factors: Factors, names: Sequence[str], coefficient: float) -> Product:
    """Coefficient times the expected number of ways to choose molecules of these species, all different."""
    used: Counter[int] = Counter()
    over, under = [], []
    hubs: dict[Hub, None] = {}
    for name in names:
        quantities, divisor = factors[name]
        hubs[quantities[0], divisor] = None
        for q in quantities:
            over.append((q, used[q]))
            used[q] += 1
        if divisor >= 0:
            under.append((divisor, used[divisor]))
            used[divisor] += 1
    return Product(coefficient, tuple(over), tuple(under), tuple(h for h in hubs if (h[0], 0) in over))


def _change(matrix: csc_array, index: dict[str, int], r: Reaction) -> dict[int, int]:
    change: Counter[int] = Counter()
    for name, n in r.net().items():
        start, end = matrix.indptr[index[name]], matrix.indptr[index[name] + 1]
        for q in matrix.indices[start:end].tolist():
            change[q] += n
    return {q: n for q, n in sorted(change.items()) if n}


def sides(e: Exchange) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Reactants and products, sorted, of every reaction of an exchange."""
    forward = [(tuple(sorted((bare, e.strand))), tuple(sorted((loaded, e.partner)))) for bare, loaded in e.gates]
    return forward + [(after, before) for before, after in forward]


def _matrix(entries: list[tuple[int, int]], shape: tuple[int, int]) -> csr_array:
    rows, columns = np.array(entries, dtype=np.int64).reshape(-1, 2).T
    return csr_array((np.ones(len(entries), dtype=np.int64), (rows, columns)), shape=shape)
