"""Network -> SBML Level 3 Version 2 core, the exchange format of systems biology.

In: a :class:`~dsd.network.Network`. Out: text that libRoadRunner, COPASI and other simulators read.

One compartment of one litre; species are concentrations (``hasOnlySubstanceUnits = false``), so a reaction's rate is
``compartment * k * A * B`` in amount per time. Networks in nM and s carry nanomole, litre and second, others are
dimensionless. Doses become events. Numbers have the 15 digits that libsbml writes. M. Hucka et al., SBML Level 3
Version 2 Core, J. Integr. Bioinform. 16:20190021 (2019).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from dsd.errors import InputError, StrandgradError
from dsd.network import NANOMOLAR, UNITLESS, Dose, Network, Reaction, Threshold, describe
from dsd.optional import optional

if TYPE_CHECKING:
    from types import ModuleType

__all__ = ["print_sbml"]

UNITS = {NANOMOLAR: ("nanomole", "litre", "second"), UNITLESS: ("dimensionless",) * 3}
"""Substance, volume and time of the networks that have an SBML form."""


def print_sbml(network: Network, name: str = "") -> str:
    """SBML L3V2 text of ``network``; ``name`` is the model's, by default the network's design.

    Species whose names are no SBML identifiers (a prime) get one; the name itself is kept as the ``name`` attribute.
    Raises :class:`InputError` where python-libsbml is not installed, or for units other than nM and s, or none.
    """
    libsbml = optional("libsbml", "export", "python-libsbml")
    if network.units not in UNITS:
        raise InputError(
            f"a network in {network.units.concentration} and {network.units.time} has no SBML form here; "
            f"give it in nM and s, or without units"
        )
    document = libsbml.SBMLDocument(3, 2)
    model = document.createModel()
    _Writer(libsbml, model, network).write(name or network.get("design") or "network")
    text = libsbml.writeSBMLToString(document)
    if not text:
        raise StrandgradError("libsbml wrote nothing; is there memory left?")
    return str(text)


class _Writer:
    """A model under construction; ``ids`` are the identifiers of species, in one namespace with everything else."""

    def __init__(self, libsbml: ModuleType, model: Any, network: Network) -> None:
        self.sbml, self.model, self.network = libsbml, model, network
        self.taken: set[str] = set()
        self.ids = {s: self._id(s) for s in network.names}
        self.place, self.k = self._id("tube"), self._id("k")

    def write(self, name: str) -> None:
        self.model.setId(self._id(name))
        self.model.setName(name)
        self._units()
        place = self.model.createCompartment()
        place.setId(self.place)
        place.setConstant(True)
        place.setSize(1.0)
        place.setSpatialDimensions(3)
        place.setUnits(UNITS[self.network.units][1])
        for s in self.network.species:
            self._species(s.name, s.initial)
        for i, r in enumerate(self.network):
            self._reaction(i, r)
        for i, d in enumerate(self.network.doses):
            self._event(i, d)

    def _id(self, name: str) -> str:
        """A new identifier as near to ``name`` as SBML allows."""
        start = base = re.sub(r"\W|^(?=\d)", "_", name, flags=re.ASCII)
        count = 1
        while start in self.taken:
            count += 1
            start = f"{base}_{count}"
        self.taken.add(start)
        return start

    def _units(self) -> None:
        substance, volume, time = UNITS[self.network.units]
        self.model.setSubstanceUnits(substance)
        self.model.setExtentUnits(substance)
        self.model.setVolumeUnits(volume)
        self.model.setTimeUnits(time)
        if self.network.units != NANOMOLAR:
            return
        self._unit("nanomole", ("MOLE", 1, -9))
        self._unit("nanomolar", ("MOLE", 1, -9), ("LITRE", -1, 0))
        for order in sorted({r.order for r in self.network}):
            self._unit(f"rate_{order}", ("MOLE", 1 - order, -9), ("LITRE", order - 1, 0), ("SECOND", -1, 0))

    def _unit(self, name: str, *parts: tuple[str, int, int]) -> None:
        definition = self.model.createUnitDefinition()
        definition.setId(name)
        for kind, exponent, scale in parts:
            unit = definition.createUnit()
            unit.setKind(getattr(self.sbml, f"UNIT_KIND_{kind}"))
            unit.setExponent(exponent)
            unit.setScale(scale)
            unit.setMultiplier(1.0)

    def _species(self, name: str, initial: float) -> None:
        s = self.model.createSpecies()
        s.setId(self.ids[name])
        s.setName(name)
        s.setCompartment(self.place)
        s.setInitialConcentration(initial)
        s.setHasOnlySubstanceUnits(False)
        s.setBoundaryCondition(False)
        s.setConstant(False)

    def _reaction(self, index: int, r: Reaction) -> None:
        reaction = self.model.createReaction()
        reaction.setId(self._id(f"reaction_{index}"))
        reaction.setName(describe(r))
        reaction.setReversible(False)
        for side, create in ((r.reactants, reaction.createReactant), (r.products, reaction.createProduct)):
            for species, count in Counter(side).items():
                reference = create()
                reference.setSpecies(self.ids[species])
                reference.setStoichiometry(count)
                reference.setConstant(True)
        law = reaction.createKineticLaw()
        k = law.createLocalParameter()
        k.setId(self.k)
        k.setValue(r.k)
        k.setUnits(f"rate_{r.order}" if self.network.units == NANOMOLAR else "dimensionless")
        law.setMath(self._times([self.place, self.k, *(self.ids[s] for s in r.reactants)]))

    def _event(self, index: int, d: Dose) -> None:
        """A dose: concentration added at a time, or whenever a sum crosses a level in its direction."""
        event = self.model.createEvent()
        event.setId(self._id(f"dose_{index}"))
        event.setUseValuesFromTriggerTime(False)
        trigger = event.createTrigger()
        # A sum beyond its level at the start has not crossed it; a dose at time 0 is due.
        trigger.setInitialValue(isinstance(d.at, Threshold))
        trigger.setPersistent(True)
        trigger.setMath(self._due(d.at))
        change = event.createEventAssignment()
        change.setVariable(self.ids[d.species])
        change.setMath(self._plus([self._symbol(self.ids[d.species]), self._number(d.amount, "nanomolar")]))

    def _due(self, at: float | Threshold) -> Any:
        if not isinstance(at, Threshold):
            time = self.sbml.ASTNode(self.sbml.AST_NAME_TIME)
            time.setName("time")
            return self._apply("AST_RELATIONAL_GEQ", [time, self._number(at, "second")])
        total = self._plus([self._symbol(self.ids[s]) for s in at.species])
        relation = "AST_RELATIONAL_GEQ" if at.direction > 0 else "AST_RELATIONAL_LEQ"
        return self._apply(relation, [total, self._number(at.level, "nanomolar")])

    def _times(self, names: Iterable[str]) -> Any:
        return self._apply("AST_TIMES", [self._symbol(n) for n in names])

    def _plus(self, nodes: list[Any]) -> Any:
        return nodes[0] if len(nodes) == 1 else self._apply("AST_PLUS", nodes)

    def _apply(self, kind: str, nodes: list[Any]) -> Any:
        node = self.sbml.ASTNode(getattr(self.sbml, kind))
        for child in nodes:
            node.addChild(child.deepCopy())
        return node

    def _symbol(self, name: str) -> Any:
        node = self.sbml.ASTNode(self.sbml.AST_NAME)
        node.setName(name)
        return node

    def _number(self, value: float, unit: str) -> Any:
        node = self.sbml.ASTNode(self.sbml.AST_REAL)
        node.setValue(value)
        node.setUnits(unit if self.network.units == NANOMOLAR else "dimensionless")
        return node
