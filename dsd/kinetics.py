"""Mass-action kinetics compiled to arrays.

In: a :class:`~dsd.network.Network`. Out: :class:`MassAction`, which evaluates the right-hand side
``dy/dt = S v(y)``, ``v_j = k_j * prod(y[reactants of j])``, and the analytic Jacobian on a fixed sparse pattern.
Inner loops are compiled by numba; concentrations and time are in the network's units.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.sparse import csc_matrix, csr_matrix

from dsd.network import Network

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class MassAction:
    """Arrays of N species and R reactions.

    ``k`` (R,) rate constants; ``r_ptr`` (R+1,), ``r_idx`` reactants with multiplicity; ``s_ptr`` (R+1,), ``s_idx``,
    ``s_val`` net stoichiometry. The Jacobian has its nonzeros in CSR order (``j_ptr``, ``j_idx``; the diagonal is
    always present); each derivative term is ``d_coef * k * prod(y[d_fac])`` added at ``d_pos``.
    """

    size: int
    k: Floats
    r_ptr: Ints
    r_idx: Ints
    s_ptr: Ints
    s_idx: Ints
    s_val: Floats
    j_ptr: Ints
    j_idx: Ints
    d_rxn: Ints
    d_ptr: Ints
    d_fac: Ints
    d_mult: Floats
    d_out: Ints
    d_pos: Ints
    d_val: Floats

    def rhs(self, y: Floats, out: Floats) -> None:
        """Write dy/dt (N,) into ``out``."""
        _rhs(self.k, self.r_ptr, self.r_idx, self.s_ptr, self.s_idx, self.s_val, y, out)

    def jacobian(self, y: Floats, out: Floats) -> None:
        """Write the Jacobian's nonzeros (in CSR order) into ``out`` (nnz,)."""
        _jac(self.k, self.d_rxn, self.d_ptr, self.d_fac, self.d_mult, self.d_out, self.d_pos, self.d_val, y, out)

    def jacobian_product(self, y: Floats, v: Floats, out: Floats) -> None:
        """Write J(y) v (N,) into ``out``, straight from the reactions."""
        _jvp(self.k, self.r_ptr, self.r_idx, self.s_ptr, self.s_idx, self.s_val, y, v, out)

    def jacobian_matrix(self, y: Floats) -> csr_matrix[np.float64]:
        """The Jacobian at ``y`` as a SciPy CSR matrix, shape (N, N)."""
        data = np.zeros(self.j_idx.size)
        self.jacobian(y, data)
        return csr_matrix((data, self.j_idx, self.j_ptr), shape=(self.size, self.size))

    def stoichiometry(self) -> csc_matrix[np.float64]:
        """Net stoichiometry S, shape (N, R)."""
        shape = (self.size, self.k.size)
        return csc_matrix((self.s_val, self.s_idx, self.s_ptr), shape=shape)


def mass_action(network: Network) -> MassAction:
    """Compile ``network``; reactions without net effect are kept at zero cost to the state."""
    index = network.index
    reactants = [[index[n] for n in r.reactants] for r in network.reactions]
    nets = [[(index[n], float(v)) for n, v in r.net().items()] for r in network.reactions]
    r_ptr, r_idx = _pack(reactants)
    s_ptr, s_idx = _pack([[i for i, _ in net] for net in nets])
    s_val = np.array([v for net in nets for _, v in net], dtype=np.float64)
    terms = _derivatives(reactants, nets)
    j_ptr, j_idx, position = _pattern(len(network.names), [(i, s) for _, s, _, _, outs in terms for i, _ in outs])
    d_ptr, d_fac = _pack([factors for _, _, _, factors, _ in terms])
    d_out, _ = _pack([[i for i, _ in outs] for *_, outs in terms])
    pos = [position[i, s] for _, s, _, _, outs in terms for i, _ in outs]
    return MassAction(
        size=len(network.names),
        k=np.array([r.k for r in network.reactions], dtype=np.float64),
        r_ptr=r_ptr, r_idx=r_idx, s_ptr=s_ptr, s_idx=s_idx, s_val=s_val,
        j_ptr=j_ptr, j_idx=j_idx,
        d_rxn=np.array([t[0] for t in terms], dtype=np.int64),
        d_ptr=d_ptr, d_fac=d_fac,
        d_mult=np.array([t[2] for t in terms], dtype=np.float64),
        d_out=d_out,
        d_pos=np.array(pos, dtype=np.int64),
        d_val=np.array([v for *_, outs in terms for _, v in outs], dtype=np.float64),
    )  # fmt: skip


Term = tuple[int, int, int, list[int], list[tuple[int, float]]]


def _derivatives(reactants: list[list[int]], nets: list[list[tuple[int, float]]]) -> list[Term]:
    """Per reaction j and distinct reactant s: (j, s, multiplicity, remaining factors, net changes)."""
    terms: list[Term] = []
    for j, (inputs, net) in enumerate(zip(reactants, nets, strict=True)):
        if not net:
            continue
        for s, multiplicity in Counter(inputs).items():
            factors = list(inputs)
            factors.remove(s)
            terms.append((j, s, multiplicity, factors, net))
    return terms


def _pattern(size: int, entries: list[tuple[int, int]]) -> tuple[Ints, Ints, dict[tuple[int, int], int]]:
    """CSR pattern of the Jacobian with its full diagonal, and the position of each entry."""
    cells = sorted(set(entries) | {(i, i) for i in range(size)})
    ptr = np.zeros(size + 1, dtype=np.int64)
    for i, _ in cells:
        ptr[i + 1] += 1
    return np.cumsum(ptr), np.array([j for _, j in cells], dtype=np.int64), {c: p for p, c in enumerate(cells)}


def _pack(rows: list[list[int]]) -> tuple[Ints, Ints]:
    ptr = np.zeros(len(rows) + 1, dtype=np.int64)
    ptr[1:] = np.cumsum([len(row) for row in rows])
    return ptr, np.array([x for row in rows for x in row], dtype=np.int64)


@njit(cache=True, nogil=True)
def _rhs(k, r_ptr, r_idx, s_ptr, s_idx, s_val, y, out):  # type: ignore[no-untyped-def]
    out[:] = 0.0
    for j in range(k.size):
        v = k[j]
        for p in range(r_ptr[j], r_ptr[j + 1]):
            v *= y[r_idx[p]]
        for p in range(s_ptr[j], s_ptr[j + 1]):
            out[s_idx[p]] += s_val[p] * v


@njit(cache=True, nogil=True)
def _jac(k, d_rxn, d_ptr, d_fac, d_mult, d_out, d_pos, d_val, y, out):  # type: ignore[no-untyped-def]
    out[:] = 0.0
    for d in range(d_rxn.size):
        v = k[d_rxn[d]] * d_mult[d]
        for p in range(d_ptr[d], d_ptr[d + 1]):
            v *= y[d_fac[p]]
        for p in range(d_out[d], d_out[d + 1]):
            out[d_pos[p]] += d_val[p] * v


@njit(cache=True, nogil=True)
def _jvp(k, r_ptr, r_idx, s_ptr, s_idx, s_val, y, v, out):  # type: ignore[no-untyped-def]
    out[:] = 0.0
    for j in range(k.size):
        slope = 0.0
        for p in range(r_ptr[j], r_ptr[j + 1]):
            term = v[r_idx[p]]
            for q in range(r_ptr[j], r_ptr[j + 1]):
                if q != p:
                    term *= y[r_idx[q]]
            slope += term
        slope *= k[j]
        for p in range(s_ptr[j], s_ptr[j + 1]):
            out[s_idx[p]] += s_val[p] * slope
