"""What a report says of the design itself: its samples' names, its circuit, its gates, their size, cost and mapping.

In: a design, and what a folder holds. Out: JSON-ready values, kept in ``report.json`` beside the metrics, so that a
report can be written again where the design is not at hand.
"""

from __future__ import annotations

from typing import Any

from compiler import pipeline
from compiler.design import Design, load_design
from compiler.dynamics import Text
from compiler.report.boundary import boundaries
from compiler.report.drawings import circuit_picture, gate_pictures
from compiler.report.folder import Results
from compiler.report.run import read_json
from compiler.sizes import counts
from dsd.errors import InputError, StrandgradError
from dsd.files import write_json_atomic
from dsd.network import Network, describe

FILE = "report.json"
FORMAT = 1


def gathered(results: Results, design: Design | None) -> dict[str, Any]:
    """The facts: those of ``report.json`` if they are of this training, else new ones, which are kept there.

    Without a design that is at hand they may be empty.
    """
    path, key = results.folder / FILE, _key(results)
    if path.exists():
        kept = read_json(path)
        if kept.get("key") == key and isinstance(kept.get("facts"), dict):
            return dict(kept["facts"])
    if design is None:
        return {}
    facts = collected(results, design)
    write_json_atomic(path, {"key": key, "facts": facts})
    return facts


def design_of(results: Results, given: str | None) -> tuple[Design | None, str]:
    """The design that a folder was trained from, by its content; else None, and why.

    Raises :class:`InputError` if one is ``given`` and is another.
    """
    where = given or results.source
    try:
        design = load_design(where)
    except InputError as error:
        if given:
            raise
        return None, str(error)
    if design.digest == results.provenance.get("digest", design.digest):
        return design, ""
    reason = f"{where} is not as it was when this folder was trained (its content hash differs)"
    if given:
        raise InputError(f"{reason}; give the design it was trained from")
    return None, reason


def collected(results: Results, design: Design) -> dict[str, Any]:
    """All facts of a design; the DNA is compiled if a level of DNA was asked for."""
    seed = results.provenance.get("seed")
    design = design if seed in (None, design.training.seed) else design.amended({"training.seed": seed})
    asked = {level.name for level in results.levels} | set(results.failed) | set(results.run.get("levels", ()))
    formal = pipeline.formal(design).network
    clocked = _clocked(design) if asked - {"reference", "formal"} else None
    network = clocked or formal
    return {
        "about": _about(design),
        "formal": counts(formal).to_dict(),
        "clocked": counts(clocked).to_dict() if clocked else None,
        "reactions": _reactions(network),
        "circuit": circuit_picture(network, design.name),
        "dna": dna_facts(design) if any(name.startswith("dsd") for name in asked) else None,
        "boundaries": boundaries(design, results.levels),
    }


def _clocked(design: Design) -> Network | None:
    """The clocked network; None where a design has none, which its levels have then failed for."""
    try:
        return pipeline.clocked(design).network
    except StrandgradError:
        return None


def dna_facts(design: Design) -> dict[str, Any]:
    """Size, cost and mapping of the DNA, and a few of its gates drawn; or the ``reason`` why there is none."""
    from compiler.ordering import price_table
    from dsd.expand import expand
    from dsd.occlusion import occlusion
    from dsd.orders.cost import cost
    from dsd.orders.lines import needs
    from dsd.size import size

    try:
        lowered = pipeline.dsd(design)
    except StrandgradError as error:
        return {"reason": str(error)}
    system, dna, mapping = lowered.system, lowered.dna, lowered.mapping
    expansion = expand(system)
    return {
        "size": size(system, expansion).as_dict(),
        "network": counts(expansion.network).to_dict(),
        "slowdown": float(dna.slowdown),
        "profile": dna.profile,
        "scheme": dna.scheme,
        "unit_nM": dna.unit_nM,
        "volume_uL": dna.volume_uL,
        "cost": cost(system, price_table(None), needs(system, dna.volume_uL)).to_dict(),
        "toeholds": [t.to_dict() for t in occlusion(system)],
        "roles": {s.name: s.role for s in system.strands} | {c.name: c.role for c in system.complexes},
        "gates": gate_pictures(lowered),
        "mapping": [
            {
                "reaction": m.text, "kind": m.kind, "order": len(lowered.clocked.network.reactions[m.index].reactants),
                "target": m.target, "achieved": m.achieved, "residual": m.residual, "gate_nM": m.gate_nM,
                "helper_nM": m.helper_nM, "fork_nM": m.fork_nM,
            }
            for m in mapping.records
        ],
        "free": [list(pair) for pair in mapping.free],
    }  # fmt: skip


def _about(design: Design) -> dict[str, Any]:
    """What the samples and the task are called."""
    data, task = design.data, design.task
    return {
        "name": design.name,
        "description": design.file.design.description,
        "author": design.file.design.author,
        "dynamics": _equations(design.dynamics.text),
        "kind": task.kind,
        "inputs": list(data.inputs),
        "targets": list(data.targets),
        "classes": list(data.classes),
        "labels": list(task.labels),
        "cut": task.cut,
        "samples": {part: len(data.part(part)[0]) for part in ("train", "validation", "test")},
    }


def _equations(text: Text) -> list[str]:
    """The dynamics as equations, one a block of the state."""
    blocks = {"z": text} if isinstance(text, str) else text
    return [f"d{name}/dt = {f}" for name, f in blocks.items()]


def _reactions(network: Network) -> list[list[Any]]:
    return [[r.stage, describe(r), r.k] for r in network]


def _key(results: Results) -> dict[str, Any]:
    """What facts depend on: the design, this version, and how far each level has come."""
    from compiler import __version__

    about = {k: results.provenance.get(k) for k in ("digest", "seed")}
    trained = [[level.name, level.entry["iterations"]] for level in results.levels]
    return {"format": FORMAT, "version": __version__, **about, "trained": trained, "failed": sorted(results.failed)}
