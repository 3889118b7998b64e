"""SBML: the whole text of a small network, identifiers, units, doses, and libRoadRunner's reading of a compiled pot."""

from __future__ import annotations

import math
import sys
from typing import Any

import libsbml
import numpy as np
import pytest

from dsd.errors import InputError
from dsd.export.sbml import print_sbml
from dsd.integrate import Engine, Tolerance
from dsd.network import NANOMOLAR, Dose, Network, Reaction, Species, Threshold, Units, network
from dsd.simulate import simulate
from dsd.syntax import parse_crn

TWO = network([Reaction(("A", "A"), ("B",), 2e-3)], [Species("A", 10.0)], units=NANOMOLAR, meta=[("design", "two")])

TEXT = """\
<?xml version="1.0" encoding="UTF-8"?>
<sbml xmlns="http://www.sbml.org/sbml/level3/version2/core" level="3" version="2">
  <model id="two" name="two" substanceUnits="nanomole" timeUnits="second" volumeUnits="litre" extentUnits="nanomole">
    <listOfUnitDefinitions>
      <unitDefinition id="nanomole">
        <listOfUnits>
          <unit kind="mole" exponent="1" scale="-9" multiplier="1"/>
        </listOfUnits>
      </unitDefinition>
      <unitDefinition id="nanomolar">
        <listOfUnits>
          <unit kind="mole" exponent="1" scale="-9" multiplier="1"/>
          <unit kind="litre" exponent="-1" scale="0" multiplier="1"/>
        </listOfUnits>
      </unitDefinition>
      <unitDefinition id="rate_2">
        <listOfUnits>
          <unit kind="mole" exponent="-1" scale="-9" multiplier="1"/>
          <unit kind="litre" exponent="1" scale="0" multiplier="1"/>
          <unit kind="second" exponent="-1" scale="0" multiplier="1"/>
        </listOfUnits>
      </unitDefinition>
    </listOfUnitDefinitions>
    <listOfCompartments>
      <compartment id="tube" spatialDimensions="3" size="1" units="litre" constant="true"/>
    </listOfCompartments>
    <listOfSpecies>
      <species id="A" name="A" compartment="tube" initialConcentration="10" hasOnlySubstanceUnits="false" \
boundaryCondition="false" constant="false"/>
      <species id="B" name="B" compartment="tube" initialConcentration="0" hasOnlySubstanceUnits="false" \
boundaryCondition="false" constant="false"/>
    </listOfSpecies>
    <listOfReactions>
      <reaction id="reaction_0" name="A + A -&gt; B" reversible="false">
        <listOfReactants>
          <speciesReference species="A" stoichiometry="2" constant="true"/>
        </listOfReactants>
        <listOfProducts>
          <speciesReference species="B" stoichiometry="1" constant="true"/>
        </listOfProducts>
        <kineticLaw>
          <math xmlns="http://www.w3.org/1998/Math/MathML">
            <apply>
              <times/>
              <ci> tube </ci>
              <ci> k </ci>
              <ci> A </ci>
              <ci> A </ci>
            </apply>
          </math>
          <listOfLocalParameters>
            <localParameter id="k" value="0.002" units="rate_2"/>
          </listOfLocalParameters>
        </kineticLaw>
      </reaction>
    </listOfReactions>
  </model>
</sbml>
"""

AWKWARD = parse_crn("@species: k = 1, tube = 2, A' = 3, A_, time, pi\nk + tube -> A' + A_ [k = 0.3]\nA' -> time + pi")
DOSED = network(
    [Reaction(("A",), (), 0.5), Reaction((), ("B",), 1.0)],
    [Species("A", 1.0), Species("B")],
    doses=[Dose("A", 2.0, 1.5), Dose("A", 0.25, 0.0), Dose("A", 1.0, Threshold(("B",), 2.25)), Dose("B", 3.0, 4.0)],
)


def complaints(text: str) -> list[str]:
    """What libsbml's checks say, units and good practice included."""
    document = libsbml.readSBMLFromString(text)
    document.checkConsistency()
    return [document.getError(i).getMessage() for i in range(document.getNumErrors())]


def reread(net: Network, until: float, points: int, **tolerance: float) -> np.ndarray:
    """Rows (points, 1 + N) by libRoadRunner."""
    roadrunner = pytest.importorskip("roadrunner")
    document = libsbml.readSBMLFromString(text := print_sbml(net))
    ids = [document.getModel().getSpecies(i).getId() for i in range(len(net.names))]
    runner = roadrunner.RoadRunner(text)
    runner.timeCourseSelections = ["time", *(f"[{s}]" for s in ids)]
    runner.integrator.relative_tolerance = tolerance.get("rtol", 1e-9)
    runner.integrator.absolute_tolerance = tolerance.get("atol", 1e-13)
    return np.array(runner.simulate(0, until, points))


def test_the_text() -> None:
    assert print_sbml(TWO) == TEXT


@pytest.mark.parametrize("net", [TWO, AWKWARD, DOSED, parse_crn("A @initial 1")])
def test_libsbml_has_nothing_to_complain_of(net: Network) -> None:
    assert complaints(print_sbml(net)) == []


def test_names_that_clash_or_are_no_identifiers_get_their_own() -> None:
    model: Any = libsbml.readSBMLFromString(text := print_sbml(AWKWARD)).getModel()
    species = [model.getSpecies(i) for i in range(6)]
    assert [s.getName() for s in species] == list(AWKWARD.names)
    assert [s.getId() for s in species] == ["k", "tube", "A_", "A__2", "time", "pi"]
    assert model.getCompartment(0).getId() == "tube_2"
    assert '<localParameter id="k_2" value="0.3" units="dimensionless"/>' in text
    assert reread(AWKWARD, 3.0, 2)[-1, 1:] == pytest.approx(simulate(AWKWARD, 3.0).y[-1], rel=1e-5)


def test_rate_constants_keep_the_fifteen_digits_that_libsbml_writes() -> None:
    net = parse_crn(f"A -> [k = {math.pi / 1e7!r}]")
    model: Any = libsbml.readSBMLFromString(print_sbml(net)).getModel()
    k = model.getReaction(0).getKineticLaw().getLocalParameter(0).getValue()
    assert k == pytest.approx(math.pi / 1e7, rel=5e-15)


def test_doses_are_events() -> None:
    """At time 0 and 1.5, when B reaches 2.25, and 3 of B at 4: read again they give our own trajectory."""
    rows, ours = reread(DOSED, 6.0, 7), simulate(DOSED, 6.0, every=1.0, tolerance=Tolerance(1e-9, 1e-13))
    last = [np.flatnonzero(ours.t == t)[-1] for t in range(7)]
    assert rows[1:, 1:] == pytest.approx(ours.y[last][1:], rel=1e-6)


def test_libroadrunner_agrees_over_a_period_of_a_compiled_pot() -> None:
    from compiler import load_design, pipeline
    from compiler.training.driver import Driver
    from compiler.training.pot import dsd_pot

    design = load_design("linreg2d-minimal")
    pot = dsd_pot(pipeline.dsd(design))
    driver = Driver(pot)
    driver.settle()
    driver.iterate(design.data.train_x[0], design.data.train_y[0])
    names, state = pot.network.names, driver.tube.state
    net = pot.network.with_initial(**dict(zip(names, np.maximum(state, 0.0).tolist(), strict=True)))
    period, engine = pot.longest / 3, Engine(net, Tolerance(1e-8, 1e-12))
    ours = engine.run(0.0, engine.initial, period, at=np.linspace(0.0, period, 21)[1:]).y
    theirs = reread(net, period, 21, rtol=1e-8, atol=1e-12)[:, 1:]
    assert len(names) > 300
    assert theirs == pytest.approx(ours, rel=1e-4, abs=1e-5)


def test_units_that_sbml_text_is_not_written_for() -> None:
    net = network([Reaction(("A",), ())], units=Units("uM", "h"))
    with pytest.raises(InputError, match=r"^a network in uM and h has no SBML form here; give it in nM and s, or wit"):
        print_sbml(net)


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "libsbml", None)
    with pytest.raises(InputError, match=r"^python-libsbml is not installed; run: pip install 'strandgrad\[export\]'$"):
        print_sbml(TWO)
