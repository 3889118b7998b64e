"""DNA system of gates of any structure -> implementation network: what Peppercorn finds, module by module.

In: a :class:`System` of a scheme as :mod:`dsd.folded_lower` makes it. Out: an :class:`Expansion`, as of
:func:`dsd.expand.expand`.

A signal that a gate releases has a history domain of its own. Where no step binds the history of a free signal, all
forms of a species react alike; they are one species then, named by the signal, which changes no rate. Where some gate
can take its output back by its history, every form is a species. Modules share signals and fuels only, and each is
enumerated by itself.

Rates are Peppercorn's, unless the system states ``qmax_per_M_s``: then the gate of a module binds first at the module's
``q_per_M_s``, and every other step runs at q_max (:mod:`dsd.buffering`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from dsd.domains import Sequence
from dsd.errors import InputError
from dsd.expand import Composition, Expansion
from dsd.folded_modules import kernel_of
from dsd.interpretation import Interpretation
from dsd.kernel import Structure, strand_structure
from dsd.kernel_system import enumerate_module
from dsd.network import NANOMOLAR, Network, Reaction, Species
from dsd.peppercorn import Condensed
from dsd.rates import per_nM
from dsd.rotation import canonical
from dsd.system import Complex, Module, Strand, System


def expand_folded(system: System) -> Expansion:
    """The network that the system's modules span.

    Raises :class:`InputError` where Peppercorn is not installed, :class:`StrandgradError` where it does not finish.
    """
    found = _expanded(system, _forms(system))
    return found if found is not None else cast(Expansion, _expanded(system, {}))


def _expanded(system: System, forms: dict[Sequence, _Form]) -> Expansion | None:
    """With ``forms`` taken for their signals; None where they do not react like them."""
    kernel, species = kernel_of(system, apart=not forms), _Names(system, forms)
    found: dict[tuple[Sequence, Sequence], Reaction] = {}
    for m, k in zip(system.modules, kernel.modules, strict=True):
        alike: dict[tuple[Sequence, Sequence], bool] = {}
        for c in enumerate_module(kernel, k):
            plain = [tuple(_plain(s, forms) for s in side) for side in (c.reactants, c.products)]
            before, after = (tuple(species.name(s, m.gates) for s in side) for side in plain)
            key = (tuple(sorted(before)), tuple(sorted(after)))
            if key[0] == key[1]:
                continue
            found.setdefault(key, Reaction(before, after, _rate(system, m, c, before)))
            alike[key] = alike.get(key, False) or plain[0] == c.reactants
            for name, s in zip((*before, *after), (*plain[0], *plain[1]), strict=True):
                species.meaning.setdefault(name, k.meaning(s))
        if not all(alike.values()):
            return None
    return species.expansion(tuple(found.values()))


def _rate(system: System, m: Module, c: Condensed, reactants: Sequence) -> float:
    """/nM^(n-1)/s."""
    if system.tuned:
        first = m.gates[0] in reactants
        return per_nM(m["q_per_M_s"] if first else float(system.get("qmax_per_M_s")))
    return c.rate * 1e-9 ** (len(c.reactants) - 1)


@dataclass(frozen=True, slots=True)
class _Form:
    """A form of a signal: the signal's strand, and the position at which the two have different domains."""

    signal: Sequence
    history: int


def _forms(system: System) -> dict[Sequence, _Form]:
    signal = {system.interpretation(s.name): s.domains for s in system.strands if s.role == "signal"}
    found = {}
    for s in system.strands:
        if s.role == "form":
            plain = signal.get(system.interpretation(s.name), ())
            others = [i for i, (a, b) in enumerate(zip(plain, s.domains, strict=False)) if a != b]
            if len(plain) != len(s.domains) or len(others) != 1:
                raise InputError(f"strand {s.name} is no form of a signal: it differs in other than one domain")
            found[s.domains] = _Form(plain, others[0])
    return found


def _plain(s: Structure, forms: dict[Sequence, _Form]) -> Structure:
    """The complex with the signal in place of each of its forms whose history is free."""
    strands, at = [], 0
    for strand in s.strands:
        form = forms.get(strand)
        strands.append(form.signal if form and s.pairs[at + form.history] < 0 else strand)
        at += len(strand)
    return canonical(Structure(tuple(strands), s.pairs))


class _Names:
    """Names of complexes: the system's own, then gate by gate in order of discovery (``G0_1``, ``G0_2``)."""

    def __init__(self, system: System, forms: dict[Sequence, _Form]) -> None:
        self.system, self.forms = system, forms
        self.known = {canonical(strand_structure(s.domains)): s.name for s in system.strands}
        self.known |= {canonical(c.structure): c.name for c in system.complexes}
        self.taken = set(self.known.values())
        self.meaning = dict(system.interpretation.table)
        self.count: dict[str, int] = {}

    def name(self, s: Structure, gates: tuple[str, ...]) -> str:
        """The name of a complex of a module with these gates."""
        if s not in self.known:
            bottoms = {self.system.complex_of[g].structure.strands[-1]: g for g in gates}
            gate = next((bottoms[strand] for strand in s.strands if strand in bottoms), gates[0] if gates else "X")
            name = ""
            while not name or name in self.taken:
                self.count[gate] = self.count.get(gate, 0) + 1
                name = f"{gate}_{self.count[gate]}"
            self.taken.add(name)
            self.known[s] = name
        return self.known[s]

    def expansion(self, reactions: tuple[Reaction, ...]) -> Expansion:
        """The network over everything that is supplied or reacts."""
        used = {x for r in reactions for x in r.species}
        reacting = {x for r in reactions for x in r.reactants}
        parts: tuple[Strand | Complex, ...] = (*self.system.strands, *self.system.complexes)
        initial = {p.name: p.initial for p in parts}
        role = {p.name: p.role for p in parts}
        held = {
            name: s
            for s, name in self.known.items()
            if name in used or initial.get(name, 0.0) > 0 or role.get(name) == "signal"
        }
        species = tuple(
            Species(x, initial.get(x, 0.0), role.get(x) or ("intermediate" if x in reacting else "waste")) for x in held
        )
        network = Network(reactions, species, self.system.doses, NANOMOLAR, "network", self.system.meta)
        meaning = Interpretation(tuple((x, self.meaning.get(x, ())) for x in held))
        return Expansion(network, meaning, Composition(*self._composition(held)))

    def _composition(self, held: dict[str, Structure]) -> tuple[Sequence, tuple[tuple[str, Sequence], ...]]:
        """Strands of each species, every form counted as its signal."""
        forms = {domains: form.signal for domains, form in self.forms.items()}
        name = {s.domains: s.name for s in self.system.strands}

        def strands(s: Structure) -> Iterator[str]:
            return (name[forms.get(strand, strand)] for strand in s.strands)

        kept = tuple(s.name for s in self.system.strands if s.domains not in forms)
        return kept, tuple((x, tuple(strands(s))) for x, s in held.items())
