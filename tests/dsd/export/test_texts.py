"""Antimony, Catalyst.jl and Visual DSD: whole texts, and small readers that must find the same content again."""

from __future__ import annotations

import re
from collections import Counter
from textwrap import dedent

from dsd.domains import Duplex, Sequence, Top, tiled
from dsd.export.antimony import antimony
from dsd.export.catalyst import catalyst
from dsd.export.names import identifiers
from dsd.export.visual_dsd import visual_dsd
from dsd.network import Dose, Network, Reaction, Species, Threshold, network
from dsd.sequences.record import Sequences
from dsd.system import BOTTOM, System

ANTIMONY = """\
    // Written by Strandgrad. Mass action without factorials.
    model small
      unit substance = 1e-9 mole;
      unit extent = 1e-9 mole;
      unit volume = litre;
      unit time_unit = second;
      compartment tube = 1;
      species X in tube = 20.0;
      species X_p in tube = 0.0;
      R0_: X -> X_p + X; 0.0001*X*tube;
      R1_: X + X_p -> ; 0.0002*X*X_p*tube;
      R2_:  -> X; 1e-09*tube;
      E0_: at time >= 100.0, t0=true: X = X + 3.0;
      E1_: at X + X_p < 15.0, t0=true: X_p = X_p + 2.5;
    end
"""

CATALYST = """\
    # small: written by Strandgrad, nM and s; not checked against the tool (Catalyst.jl)
    # solve(ODEProblem(network, u0, (0.0, 3600.0)), Rodas5P(); callback = doses)
    using Catalyst, OrdinaryDiffEq, DiffEqCallbacks

    network = @reaction_network begin
        @combinatoric_ratelaws false
        @species X(t) X_p(t)
        0.0001, X --> X_p + X
        0.0002, X + X_p --> 0
        1e-09, 0 --> X
    end

    u0 = [
        :X => 20.0,
        :X_p => 0.0,
    ]

    doses = CallbackSet(
        PresetTimeCallback([100.0], i -> i[:X] += 3.0),
        ContinuousCallback((u, t, i) -> i[:X] + i[:X_p] - 15.0, nothing, i -> i[:X_p] += 2.5),
    )
"""


def test_texts_of_a_small_network(network_small: Network) -> None:
    assert antimony(network_small, "small") == dedent(ANTIMONY)
    assert catalyst(network_small, "small") == dedent(CATALYST)


def test_names_that_clash_or_belong_to_the_language() -> None:
    assert identifiers(["X'", "X_p", "at", "at_"], {"at"}) == {"X'": "X_p_", "X_p": "X_p", "at": "at__", "at_": "at_"}
    net = network([Reaction(("species",), ("R0_",), 2.0)])
    assert "species species_ in tube" in antimony(net, "species_")
    assert "model species__\n" in antimony(net, "species_")
    assert "R0_: species_ -> R0__;" in antimony(net)
    assert "2.0, im_ --> im" not in catalyst(network([Reaction(("im",), ("im_",), 2.0)]))


def side(text: str) -> tuple[str, ...]:
    """The multiset ``A + 2*B``, sorted; 0 is empty."""
    counts = Counter()
    for term in (t.strip() for t in text.split("+")):
        n, _, name = term.rpartition("*")
        counts[name] += int(n or 1)
    del counts["0"]
    return tuple(sorted(counts.elements()))


def read_catalyst(text: str) -> Network:
    """The network in the macro, its initial state and its callbacks, by Catalyst's grammar."""
    assert "@combinatoric_ratelaws false" in text
    body = re.search(r"@reaction_network begin\n(.*?)\nend\n", text, re.DOTALL)[1]
    lines = [line.strip() for line in body.splitlines() if not line.strip().startswith("@")]
    reactions = []
    for line in lines:
        k, before, after = re.fullmatch(r"(\S+), (.+) --> (.+)", line).groups()
        reactions.append(Reaction(side(before), side(after), float(k)))
    species = [Species(n, float(v)) for n, v in re.findall(r"^    :(\w+) => (\S+),$", text, re.MULTILINE)]
    doses = [
        Dose(n, float(v), float(t)) for t, n, v in re.findall(r"PresetTime\w+\(\[(.+?)\], .*:(\w+)\] \+= (.+)\)", text)
    ]
    crossing = r"Continuous\w+\(\(u, t, i\) -> (.+) - (\S+), (nothing, )?i -> i\[:(\w+)\] \+= (\S+?)(, nothing)?\),"
    for total, level, down, name, amount, up in re.findall(crossing, text):
        assert bool(down) != bool(up)
        at = Threshold(tuple(re.findall(r":(\w+)", total)), float(level), -1 if down else 1)
        doses.append(Dose(name, float(amount), at))
    return network(reactions, species, doses=doses)


def test_catalyst_is_read_back(linreg_network: Network) -> None:
    found = read_catalyst(catalyst(linreg_network))
    assert found.species == tuple(Species(s.name, s.initial) for s in linreg_network.species)
    assert found.doses == linreg_network.doses
    assert len(found.doses) > 2
    for ours, theirs in zip(linreg_network, found, strict=True):
        assert (tuple(sorted(ours.reactants)), tuple(sorted(ours.products)), ours.k) == (
            theirs.reactants, theirs.products, theirs.k,
        )  # fmt: skip


def domains(text: str) -> Sequence:
    """``t^ x`` without the marks of toeholds."""
    return tuple(d.replace("^", "") for d in text.split())


def read_visual(text: str) -> dict[str, tuple[float, Sequence | Duplex]]:
    """Parts by the name in the comment behind them: strands ``<...>``, and segments joined along the lower strand."""
    parts: dict[str, tuple[float, Sequence | Duplex]] = {}
    for amount, body, name in re.findall(r"^[(|] (\S+) \* (.+) \(\* (\w+) \*\)$", text, re.MULTILINE):
        if strand := re.fullmatch(r"<(.+)>", body):
            parts[name] = (float(amount), domains(strand[1]))
            continue
        pieces = []
        assert re.fullmatch(r"(\{[^{}]+\})?\[[^][]+\](:(\{[^{}]+\})?\[[^][]+\])*(\{[^{}]+\})?", body), body
        for bare, bound in re.findall(r"\{(.+?)\}|\[(.+?)\]", body):
            assert all(d.endswith("*") for d in domains(bare))
            pieces.append((tuple(d[:-1] for d in domains(bare)) or domains(bound), bool(bound)))
        parts[name] = (float(amount), tiled(pieces))
    return parts


def test_visual_dsd_is_read_back(system: System) -> None:
    text = visual_dsd(system)
    assert "not checked against the tool" in text.splitlines()[0]
    free = {s.name: (s.initial, s.domains) for s in system.strands if s.role != BOTTOM}
    assert read_visual(text) == free | {c.name: (c.initial, c.duplex) for c in system.complexes}


def test_visual_dsd_hangs_bare_stretches_on_a_neighbour() -> None:
    from dsd.export.visual_dsd import _complex

    duplex = Duplex(("t", "x", "t", "y", "t"), (Top(1, ("x",)), Top(3, ("y",))))
    spell = {"t": "t^", "x": "x", "y": "y"}
    assert _complex(duplex, spell) == "{t^*}[x]:{t^*}[y]{t^*}"


def test_the_text_of_a_program(system: System, sequences: Sequences) -> None:
    lines = visual_dsd(system, "small", sequences).splitlines()
    assert lines[0] == "(* small: written by Strandgrad; not checked against the tool (Visual DSD) *)"
    assert "| 0.0 * <t^ Y> (* Y *)" in lines
    assert f'dom t = {{seq={sequences.domain["t"]}; bind=0.001; unbind=0.1126; colour="red"}}' in lines
    assert f"dom X = {{seq={sequences.domain['X']}}}" in lines
    assert "(* dose: 3.0 nM of X at 100.0 s *)" in lines
    assert re.fullmatch(r"\(\* dose: 2.5 nM of Y when X \+ Y falls through [0-9.]+ nM \*\)", lines[-1])
