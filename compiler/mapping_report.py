"""What the mapper did with a design: reaction by reaction, signal by signal, strand by strand, and what limited it.

In: a lowered design. Out: a :class:`Report`, as JSON, as CSV tables, and for the terminal
(:mod:`compiler.commands.map`).
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from compiler import pipeline
from compiler.design import Design
from compiler.limits import Measure, iteration_hours, measures, strand_totals, worst
from compiler.operating import Operating, operating
from compiler.pipeline import Lowered
from compiler.schema import Dna
from compiler.tempo import STEPS, turned
from dsd.errors import MappingError
from dsd.gate_check import Checked, check_gates
from dsd.lower import lower
from dsd.mapping import Mapped, ordered
from dsd.network import Network
from dsd.toeholds import Palette, assigned, groups, share

MATCHED = 0.1
"""Transfers whose effective rates differ by more from what they should be make nonlinear dynamics blow up."""

RESOLVED = 1e-9
"""Of a species that the pilot meets less of (formal units) there is none: its integrator does not tell it from zero."""

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Report:
    """A mapping: ``facts`` of the whole pot, then one row a reaction, a signal, a strand, and the ``limits``.

    ``pace`` says what keeps the clock from running faster. ``checked`` holds the gates that were simulated alone (none:
    they were not), ``transfers`` the indices of the reactions whose rates must match.
    """

    design: str
    facts: Row
    reactions: tuple[Row, ...]
    signals: tuple[Row, ...]
    strands: tuple[Row, ...]
    limits: tuple[Measure, ...]
    pace: str
    transfers: tuple[int, ...]
    checked: tuple[Checked, ...] = ()

    @property
    def matched(self) -> bool | None:
        """Whether all transfers hold within 10 %; None where no gate was simulated."""
        if not self.checked:
            return None
        return all(abs(c.deviation) <= MATCHED for c in self.checked if c.index in self.transfers)

    def to_dict(self) -> dict[str, Any]:
        """As JSON-ready values; ``check`` is null where no gate was simulated."""
        return {
            "design": self.design,
            **self.facts,
            "pace": self.pace,
            "limits": [m.to_dict() for m in self.limits],
            "transfers": list(self.transfers),
            "transfers_matched": self.matched,
            "reactions": [dict(r) for r in self.reactions],
            "signals": [dict(s) for s in self.signals],
            "strands": [dict(s) for s in self.strands],
            "check": [asdict(c) | {"deviation": c.deviation} for c in self.checked] or None,
        }

    def tables(self) -> dict[str, str]:
        """CSV texts by name: reactions, signals, strands, limits."""
        limits = [m.to_dict() for m in self.limits]
        rows = {"reactions": self.reactions, "signals": self.signals, "strands": self.strands, "limits": limits}
        return {name: csv_text(table) for name, table in rows.items()}


def mapping_report(design: Design, gating: str | None = None, check: bool = False) -> Report:
    """Map a design and report; with ``check`` every gate is simulated alone too.

    A pilot of the clocked network over the first samples says how often reactions fire, and at which amounts. Raises
    :class:`MappingError` where no concentrations meet the rates, :class:`SimulationError` where the pilot or a gate
    cannot be simulated.
    """
    lowered = pipeline.dsd(design, gating)
    pilot = operating(lowered.clocked, design.data.train_x, design.data.train_y)
    lowered = replace(lowered, clocked=replace(lowered.clocked, firings=pilot.firings))
    return report(design.name, lowered, design.dna, checked_gates(lowered, pilot) if check else ())


def report(name: str, lowered: Lowered, given: Dna, checked: tuple[Checked, ...] = ()) -> Report:
    """The report on a mapping that was made; ``given`` is ``[dna]`` with its limits, before anything was chosen."""
    dna, network = lowered.dna, lowered.clocked.network
    fitted = {c.index: c for c in checked}
    free = dict(lowered.mapping.free)
    totals = strand_totals(lowered.system)
    facts = {
        "unit_nM": dna.unit_nM,
        "unit_s": pipeline.seconds(lowered.clocked, dna),
        "slowdown": dna.slowdown,
        "toehold_nt": dna.toehold_nt,
        "profile": dna.profile,
        "iteration_hours": iteration_hours(lowered.clocked, dna),
        "total_uM": lowered.system.total_strand_nM / 1000.0,
        "clocked_species": len(network.species),
        "clocked_reactions": len(network.reactions),
        "clocked_by_reactants": {str(order): n for order, n in sorted(Counter(r.order for r in network).items())},
        "distinct_strands": len(lowered.system.strands),
        "gate_complexes": len(lowered.system.complexes),
    }
    return Report(
        name, facts,
        tuple(_reaction(network, m, fitted.get(m.index), bool(checked)) for m in lowered.mapping.records),
        tuple({"signal": s.name, "role": s.role, "free": free[s.name], "held": 1 - free[s.name]}
              for s in network.species),
        tuple({"strand": s.name, "role": s.role, "nM": totals[s.name], "free_nM": s.initial}
              for s in lowered.system.strands if totals[s.name] > 0),
        tuple(worst(measures(lowered, given)).values()),
        _pace(lowered),
        tuple(i for i, r in enumerate(network) if r.stage == "N2" and r.order == 2),
        checked,
    )  # fmt: skip


PALETTES: tuple[Palette, ...] = (1, 2, 3, 4, 5, 6, 7, 8, "per-signal")
"""Palettes that are compared."""


def palettes(design: Design, gating: str | None = None) -> tuple[Row, ...]:
    """Occlusion of a design's pot by the palette: toeholds it uses, strands, and the share of open toeholds occluded.

    ``fixed`` is the share of all open toeholds whose toehold no palette can part from that of most free strands.
    """
    universal = design.amended({"dna.palette": "universal"})
    lowered = pipeline.dsd(universal, gating)
    pot, dna = lowered.clocked, lowered.dna
    options = pipeline.lowering(pot.network, dna, pipeline.seconds(pot, dna))
    classes = groups(lowered.system)
    largest = max(classes, key=lambda g: g.free_nM)
    rows = []
    for palette in PALETTES:
        made = lower(pot.network, options, assigned(pot.network, options, palette))[0]
        rows.append({
            "palette": palette, "toeholds": len(made.toeholds), "strands": len(made.strands), "classes": len(classes),
            "occluded": share(made), "fixed": largest.open_nM / sum(g.open_nM for g in classes),
        })  # fmt: skip
    return tuple(rows)


def checked_gates(lowered: Lowered, pilot: Operating) -> tuple[Checked, ...]:
    """Every gate simulated alone, at the amounts that its reactants have when it is fastest in the pilot."""
    pot, dna = lowered.clocked, lowered.dna
    options = pipeline.lowering(pot.network, dna, pipeline.seconds(pot, dna))
    amounts = [{x: v * dna.unit_nM if v > RESOLVED else 0.0 for x, v in a.items()} for a in pilot.amounts]
    return check_gates(lowered.system, ordered(pot.network, options), lowered.mapping, options, amounts)


def _reaction(network: Network, m: Mapped, c: Checked | None, checked: bool) -> Row:
    """One reaction; the fitted columns are there if gates were checked."""
    row: dict[str, Any] = {
        "index": m.index,
        "stage": network.reactions[m.index].stage,
        "reaction": m.text,
        "kind": m.kind,
        "target": m.target,
        "achieved": m.achieved,
        "residual": m.residual,
        "gate_nM": m.gate_nM,
        "helper_nM": m.helper_nM,
        "fork_nM": m.fork_nM,
    }
    if checked:
        row |= {"fitted": c.fitted if c else None, "deviation": c.deviation if c else None}
    return row


def _pace(lowered: Lowered) -> str:
    """Why the clock is not a step faster, by mapping it so; "" where it runs as fast as ``[dna]`` lets it."""
    dna = lowered.dna
    assert dna.slowdown != "auto"
    if dna.slowdown <= 1.0:
        return ""
    step = 2.0 ** (-1 / STEPS)
    try:
        free = pipeline.mapped(lowered.clocked, turned(dna, step, step)).free
    except MappingError as error:
        return str(error)
    name, least = min(free, key=lambda pair: pair[1])
    return f"only {least:.0%} of {name} would be free, less than min_free = {dna.min_free:g}"


def csv_text(rows: Sequence[Row]) -> str:
    """A table with a header, as CSV."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]) if rows else [], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()
