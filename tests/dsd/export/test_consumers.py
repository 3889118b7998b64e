"""Every format, read again by a tool it is meant for: what is found must be what was written."""

from __future__ import annotations

import io
import json
import warnings
from typing import Any

import antimony as libantimony
import networkx
import numpy as np
import pytest
import sbol3
import scadnano as sc
from Bio import SeqIO

from dsd.domains import complement
from dsd.expand import expand
from dsd.export.antimony import antimony
from dsd.export.formats import FORMATS, Subject, export
from dsd.export.sbml import print_sbml
from dsd.export.texts import pil
from dsd.integrate import Tolerance
from dsd.kernel import from_duplex, print_kernel
from dsd.lower import Lowering, lower
from dsd.network import NANOMOLAR, Network, Reaction, Species, network
from dsd.sequences.letters import reverse_complement
from dsd.sequences.record import Sequences
from dsd.simulate import simulate
from dsd.system import BOTTOM, System


def text(name: str, system: System, sequences: Sequences | None = None) -> str:
    """The one file of a format."""
    (content,) = export(FORMATS[name], Subject("small", system, sequences=sequences)).values()
    assert isinstance(content, str)
    return content


def test_peppercorn_reads_the_same_complexes(system: System) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from peppercornenumerator import objects
        from peppercornenumerator.input import read_pil
    objects.clear_memory()
    found, _ = read_pil(pil(system))
    objects.clear_memory()
    kernels = {c.name: (print_kernel(from_duplex(c.duplex)), c.initial) for c in system.complexes}
    kernels |= {s.name: (" ".join(s.domains), s.initial) for s in system.strands if s.name in found}
    assert {n: (c.kernel_string, c.concentration[1]) for n, c in found.items()} == kernels
    assert {s.name for s in system.strands if s.initial} <= set(found)


def test_peppercorn_enumerates_as_many_reactions() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from peppercornenumerator import enumerate_pil, objects
    system, _ = lower(network([Reaction(("X",), ("Y",), 1e-4)], [Species("X", 20.0)], units=NANOMOLAR), Lowering())
    objects.clear_memory()
    _, out = enumerate_pil(pil(system), condensed=True, detailed=False, reject_remote=True, release_cutoff=6)
    objects.clear_memory()
    assert out.count("reaction [condensed") == len(expand(system).network.reactions) == 8


def test_copasi_agrees_over_a_period_of_linreg2d(linreg_network: Network) -> None:
    """The clock doses the first sample by an event; all 388 species within 1e-4 of the largest of the pot's signals."""
    import basico

    until, points = 24_000.0, 12
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        basico.load_model_from_string(print_sbml(linreg_network))
        found = basico.run_time_course(
            duration=until, intervals=points, r_tol=1e-8, a_tol=1e-12, max_steps=10**6, automatic=False
        )
    ours = simulate(linreg_network, until, every=until / points, tolerance=Tolerance(1e-8, 1e-12, 1e-11))
    last = [np.flatnonzero(ours.t == t)[-1] for t in found.index]
    theirs = found[list(linreg_network.names)].to_numpy()
    dosed = theirs[:, [linreg_network.index[d.species] for d in linreg_network.doses]]
    assert dosed.max() > 1.0
    scale = np.abs(ours.y[last]).max(axis=0)
    assert (np.abs(theirs - ours.y[last]) / np.maximum(scale, 1.0)).max() < 1e-4


def test_libantimony_makes_the_same_model(network_small: Network) -> None:
    roadrunner = pytest.importorskip("roadrunner")
    assert libantimony.loadAntimonyString(antimony(network_small, "small")) >= 0, libantimony.getLastError()
    runner = roadrunner.RoadRunner(libantimony.getSBMLString("small"))
    runner.timeCourseSelections = ["time", "[X]", "[X_p]"]
    runner.integrator.relative_tolerance, runner.integrator.absolute_tolerance = 1e-10, 1e-13
    theirs = np.array(runner.simulate(0, 400, 5))
    ours = simulate(network_small, 400, every=100, tolerance=Tolerance(1e-10, 1e-13))
    last = [np.flatnonzero(ours.t == t)[-1] for t in theirs[2:, 0]]
    assert theirs[2:, 1:] == pytest.approx(ours.y[last], rel=1e-6)


def test_networkx_reads_the_gate_graph(system: System) -> None:
    graph: Any = networkx.parse_graphml(text("graphml", system))
    edges = sorted(f"{a} {d['kind']} {b}" for a, b, d in graph.edges(data=True))
    assert [e for e in edges if "J0" in e] == [
        "H0 takes J0", "J0 frees B0", "J0 frees T0", "J0 frees X_r", "X takes J0",
    ]  # fmt: skip
    assert [e for e in edges if "F0" in e] == [
        "End takes F0", "F0 frees End_b", "F0 frees W0", "F0 frees X", "F0 frees Y", "T0 takes F0", "X_r takes F0",
        "Y_r takes F0",
    ]  # fmt: skip
    assert graph.nodes["J0"] == {
        "kind": "gate", "role": "join", "reaction": "X -> Y + X", "domains": "[t] X.t i0 r0.t",
        "initial_nM": system.complexes[0].initial,
    }  # fmt: skip


def test_scadnano_loads_every_part(system: System, sequences: Sequences) -> None:
    found = sc.Design.from_scadnano_json_str(text("scadnano", system, sequences))
    assert found.grid == sc.Grid.none
    spelled_out = {s.name: s.dna_sequence for s in found.strands}
    parts = {s.name: s for s in system.strands}
    for s in system.strands:
        if s.role != BOTTOM:
            assert spelled_out.pop(s.name) == sequences.spell(s.domains)
    for name, bases in spelled_out.items():
        assert bases == sequences.spell(parts[name.split(".")[1]].domains)
    assert len(spelled_out) == sum(len(c.duplex.strands) for c in system.complexes)
    assert len(found.helices) == len(system.complexes) + sum(s.role != BOTTOM for s in system.strands)
    plain = sc.Design.from_scadnano_json_str(text("scadnano", system))
    assert {s.dna_sequence for s in plain.strands} == {None}


def test_every_duplex_of_the_scadnano_file_pairs(system: System, sequences: Sequences) -> None:
    """On each helix, base by base: forward and backward strands are complementary wherever both are."""
    found = json.loads(text("scadnano", system, sequences))
    grid: dict[tuple[int, int], dict[bool, str]] = {}
    for strand in found["strands"]:
        at = 0
        for d in strand["domains"]:
            places = range(d["start"], d["end"])
            for place in places if d["forward"] else reversed(places):
                grid.setdefault((d["helix"], place), {})[d["forward"]] = strand["sequence"][at]
                at += 1
    both = [g for g in grid.values() if len(g) == 2]
    covered = sum(system.lengths[d] for c in system.complexes for top in c.duplex.tops for d in top.domains)
    assert len(both) == covered
    assert all(g[True] == reverse_complement(g[False]) for g in both)


def test_oxdna_topology_has_every_base(system: System, sequences: Sequences) -> None:
    files = export(FORMATS["oxdna"], Subject("small", system, sequences=sequences))
    top, dat = (str(files[f"small{suffix}"]).splitlines() for suffix in (".top", ".dat"))
    bases, strands = map(int, top[0].split())
    copies = [sequences.spell(s.domains) for s in system.strands if s.role != BOTTOM]
    copies += [sequences.spell(d) for c in system.complexes for d in c.duplex.strands]
    assert (bases, strands) == (sum(map(len, copies)), len(copies))
    assert len(dat) == bases + 3
    rows = [line.split() for line in top[1:]]
    # Columns: strand, base, 3' neighbour, 5' neighbour.
    assert all(int(r[2]) in (-1, i + 1) and int(r[3]) in (-1, i - 1) for i, r in enumerate(rows))
    found = ["".join(r[1] for r in rows if r[0] == str(i + 1)) for i in range(strands)]
    assert sorted(found) == sorted(copies)


def test_biopython_reads_identical_sequences(system: System, sequences: Sequences) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        records = list(SeqIO.parse(io.StringIO(text("genbank", system, sequences)), "genbank"))
    assert {r.name: str(r.seq) for r in records} == {s.name: sequences.spell(s.domains) for s in system.strands}
    for record, strand in zip(records, system.strands, strict=True):
        labels = tuple(f.qualifiers["label"][0] for f in record.features)
        assert labels == strand.domains
        parts = [str(f.extract(record.seq)) for f in record.features]
        assert parts == [sequences.spell((d,)) for d in strand.domains]


def test_sbol3_validates_and_finds_the_same(system: System, sequences: Sequences) -> None:
    document = sbol3.Document()
    document.read_string(text("sbol", system, sequences), sbol3.SORTED_NTRIPLES)
    report = document.validate()
    assert (len(report.errors), len(report.warnings)) == (0, 0)
    components = {o.name: o for o in document.objects if isinstance(o, sbol3.Component)}
    assert set(components) == {s.name for s in system.strands} | {c.name for c in system.complexes}
    for s in system.strands:
        (sequence,) = (reference.lookup() for reference in components[s.name].sequences)
        assert sequence.elements == sequences.spell(s.domains)
        spans = sorted((f.locations[0].start, f.locations[0].end, f.name) for f in components[s.name].features)
        assert tuple(name for _, _, name in spans) == s.domains
        assert [sequence.elements[a - 1 : b] for a, b, _ in spans] == [sequences.spell((d,)) for d in s.domains]
    for c in system.complexes:
        held = [f.instance_of.lookup().name for f in components[c.name].features]
        assert sorted(held) == sorted(system.strand_of[d].name for d in c.duplex.strands)


def test_strands_that_pair_are_complementary(system: System, sequences: Sequences) -> None:
    for c in system.complexes:
        bottom = sequences.spell(complement(c.duplex.bottom))
        assert reverse_complement(bottom) == sequences.spell(c.duplex.bottom)
