"""Mass-action kinetics compiled to arrays.

In: a :class:`~dsd.network.Network`. Out: :class:`MassAction`, which evaluates the right-hand side
``dy/dt = S v(y)``, ``v_j = k_j * prod(y[reactants of j])``, and the analytic Jacobian on a fixed sparse pattern.
Inner loops are compiled by numba; concentrations and time are in the network's units.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_matrix, csr_matrix

from dsd.compiled import compiled
from dsd.errors import InputError
from dsd.network import Network

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class MassAction:
    """Arrays of N species and R reactions; rows of different lengths lie end to end, ``*_ptr`` tells where each begins.

    ``k`` (R,) rate constants; ``r_ptr`` (R+1,), ``r_idx`` reactants with multiplicity; ``s_ptr`` (R+1,), ``s_idx``,
    ``s_val`` net stoichiometry. The Jacobian has its nonzeros in CSR order (``j_ptr`` (N+1,), ``j_idx`` (nnz,); the
    diagonal is always present). Derivative d of reaction ``d_rxn[d]`` by one of its reactants is ``d_mult[d] * k *
    prod(y[d_fac])``, and counts ``d_val`` times at each of the nonzeros ``d_pos``.
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
    d_mult: Floats
    d_ptr: Ints
    d_fac: Ints
    d_out: Ints
    d_pos: Ints
    d_val: Floats

    def rhs(self, y: Floats, out: Floats) -> None:
        """Write dy/dt (N,) into ``out``. Raises :class:`InputError` for arrays of another shape, as the others do."""
        self._check(y, out)
        _rhs(self.k, self.r_ptr, self.r_idx, self.s_ptr, self.s_idx, self.s_val, y, out)

    def jacobian(self, y: Floats, out: Floats) -> None:
        """Write the Jacobian's nonzeros (in CSR order) into ``out`` (nnz,)."""
        self._check(y)
        if out.shape != self.j_idx.shape:
            raise InputError(
                f"this Jacobian has {self.j_idx.size} nonzeros, not {out.shape}; give an array ({self.j_idx.size},)"
            )
        _jac(self.k, self.d_rxn, self.d_mult, self.d_ptr, self.d_fac, self.d_out, self.d_pos, self.d_val, y, out)

    def jacobian_product(self, y: Floats, v: Floats, out: Floats) -> None:
        """Write J(y) v (N,) into ``out``, straight from the reactions."""
        self._check(y, v, out)
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

    def _check(self, *vectors: Floats) -> None:
        for vector in vectors:  # the compiled loops do not look at bounds
            if vector.shape != (self.size,):
                raise InputError(f"the network has {self.size} species, not {vector.shape}; give arrays ({self.size},)")


def mass_action(network: Network) -> MassAction:
    """Compile ``network``; reactions without net effect are kept at zero cost to the state."""
    index = network.index
    reactants = [[index[n] for n in r.reactants] for r in network.reactions]
    nets = [[(index[n], float(v)) for n, v in r.net().items()] for r in network.reactions]
    terms = _derivatives(reactants, nets)
    j_ptr, j_idx, position = _pattern(len(network.names), [(i, t.by) for t in terms for i, _ in t.net])
    r_ptr, r_idx = _pack(reactants)
    s_ptr, s_idx = _pack([[i for i, _ in net] for net in nets])
    d_ptr, d_fac = _pack([t.factors for t in terms])
    d_out, d_pos = _pack([[position[i, t.by] for i, _ in t.net] for t in terms])
    return MassAction(
        size=len(network.names),
        k=_floats([r.k for r in network.reactions]),
        r_ptr=r_ptr, r_idx=r_idx, s_ptr=s_ptr, s_idx=s_idx,
        s_val=_floats([v for net in nets for _, v in net]),
        j_ptr=j_ptr, j_idx=j_idx,
        d_rxn=np.array([t.reaction for t in terms], dtype=np.int64),
        d_mult=_floats([t.multiplicity for t in terms]),
        d_ptr=d_ptr, d_fac=d_fac, d_out=d_out, d_pos=d_pos,
        d_val=_floats([v for t in terms for _, v in t.net]),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Derivative:
    """d v_reaction / d y_by: ``multiplicity * k * prod(y[factors])``, felt by every species of ``net``."""

    reaction: int
    by: int
    multiplicity: float
    factors: list[int]
    net: list[tuple[int, float]]


def _derivatives(reactants: list[list[int]], nets: list[list[tuple[int, float]]]) -> list[_Derivative]:
    """One for each reaction with a net effect and each of its distinct reactants."""
    terms = []
    for j, (inputs, net) in enumerate(zip(reactants, nets, strict=True)):
        for s, multiplicity in Counter(inputs).items() if net else ():
            factors = list(inputs)
            factors.remove(s)
            terms.append(_Derivative(j, s, float(multiplicity), factors, net))
    return terms


def _pattern(size: int, entries: list[tuple[int, int]]) -> tuple[Ints, Ints, dict[tuple[int, int], int]]:
    """CSR pattern of the Jacobian with its full diagonal, and the position of each entry."""
    cells = sorted({*entries, *((i, i) for i in range(size))})
    ptr = np.zeros(size + 1, dtype=np.int64)
    for i, _ in cells:
        ptr[i + 1] += 1
    return np.cumsum(ptr), np.array([j for _, j in cells], dtype=np.int64), {c: p for p, c in enumerate(cells)}


def _pack(rows: list[list[int]]) -> tuple[Ints, Ints]:
    """Rows end to end, and where each begins."""
    ptr = np.zeros(len(rows) + 1, dtype=np.int64)
    ptr[1:] = np.cumsum([len(row) for row in rows])
    return ptr, np.array([x for row in rows for x in row], dtype=np.int64)


def _floats(values: list[float]) -> Floats:
    return np.array(values, dtype=np.float64)


@compiled
def _rhs(k: Floats, r_ptr: Ints, r_idx: Ints, s_ptr: Ints, s_idx: Ints, s_val: Floats, y: Floats, out: Floats) -> None:
    out[:] = 0.0
    for j in range(k.size):
        v = k[j]
        for p in range(r_ptr[j], r_ptr[j + 1]):
            v *= y[r_idx[p]]
        for p in range(s_ptr[j], s_ptr[j + 1]):
            out[s_idx[p]] += s_val[p] * v


@compiled
def _jac(
    k: Floats, d_rxn: Ints, d_mult: Floats, d_ptr: Ints, d_fac: Ints, d_out: Ints, d_pos: Ints, d_val: Floats,
    y: Floats, out: Floats,
) -> None:  # fmt: skip
    out[:] = 0.0
    for d in range(d_rxn.size):
        v = k[d_rxn[d]] * d_mult[d]
        for p in range(d_ptr[d], d_ptr[d + 1]):
            v *= y[d_fac[p]]
        for p in range(d_out[d], d_out[d + 1]):
            out[d_pos[p]] += d_val[p] * v


@compiled
def _jvp(
    k: Floats, r_ptr: Ints, r_idx: Ints, s_ptr: Ints, s_idx: Ints, s_val: Floats, y: Floats, v: Floats, out: Floats
) -> None:
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
