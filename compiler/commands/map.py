"""``strandgrad map``: which concentrations meet a design's rates, how well, and what limits them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from compiler.design import Design
    from compiler.mapping_report import Report

EXAMPLE = """\b
Examples:
  strandgrad map linreg2d --check -o out/map.json
  strandgrad map linreg2d --optimise strands
"""


@click.command("map", epilog=EXAMPLE)
@click.argument("design")
@click.option("--check", is_flag=True, help="Simulate every gate alone and fit its rate. Exits 1 if transfers differ.")
@click.option("--optimise", type=click.Choice(["hours", "strands"]), help="Choose units, pace and pools for the least.")
@click.option("--gating", type=click.Choice(["operand", "per-reaction"]), help="Replaces the design's gating strategy.")
@click.option("--molecularity", type=click.Choice(["joins", "bimolecular"]), help="Replaces the design's.")
@click.option("--palettes", is_flag=True, help="Compare palettes of 1 to 8 toeholds by the occlusion they leave.")
@click.option("-o", "--output", help="FILE.json, or FILE.csv and a table beside it for each part.")
def command(
    design: str,
    check: bool,
    optimise: str | None,
    gating: str | None,
    molecularity: str | None,
    palettes: bool,
    output: str | None,
) -> None:
    """Report how DESIGN's rates are met by concentrations.

    Each reaction: its target rate on totals, the one achieved, and the residual. Each signal: how much is free. Each
    strand: how much there is. And which limit binds.
    """
    from compiler.design import load_design
    from compiler.mapping_report import mapping_report
    from compiler.progress import waiting

    loaded = load_design(design)
    if optimise:
        loaded = loaded.amended({"dna.limits.objective": optimise})
    if molecularity:
        loaded = loaded.amended({"dna.molecularity": molecularity})
    if palettes:
        _compare(loaded, gating, output)
        return
    with waiting("mapping"):
        found = mapping_report(loaded, gating, check)
    show(found)
    if output:
        _save(found, output)
    if found.matched is False:
        raise click.exceptions.Exit(1)


def _compare(design: Design, gating: str | None, output: str | None) -> None:
    """Print and write what every palette leaves occluded."""
    from rich.table import Table

    from compiler.commands.outputs import console
    from compiler.mapping_report import csv_text, palettes
    from dsd.files import write_atomic, write_json_atomic

    rows = palettes(design, gating)
    table = Table(title=f"{design.name}: open toeholds with a bystander")
    for heading in ("palette", "toeholds", "strands", "occluded"):
        table.add_column(heading, justify="right")
    for r in rows:
        table.add_row(str(r["palette"]), str(r["toeholds"]), str(r["strands"]), f"{r['occluded']:.1%}")
    out = console()
    out.print(table)
    r = rows[0]
    out.print(f"{r['classes']} classes of toeholds may differ; the largest holds {r['fixed']:.0%} of all that is open.")
    if output and Path(output).suffix == ".csv":
        write_atomic(output, csv_text(rows))
    elif output:
        write_json_atomic(output, {"design": design.name, "palettes": [dict(r) for r in rows]})


def _save(found: Report, output: str) -> None:
    from dsd.errors import InputError
    from dsd.files import write_atomic, write_json_atomic

    path = Path(output)
    if path.suffix == ".json":
        write_json_atomic(path, found.to_dict())
        return
    if path.suffix != ".csv":
        raise InputError(f"-o {output}: a report is JSON or CSV; end the name with .json or .csv")
    for name, text in found.tables().items():
        write_atomic(path if name == "reactions" else path.with_suffix(f".{name}.csv"), text)


def show(found: Report) -> None:
    """Print the reactions, signals and limits as tables, and what the check found."""
    from rich.table import Table

    from compiler.commands.outputs import console

    out = console()
    headings = ["", "reaction", "stage", "as", "target", "achieved", "residual", "gate nM", "helper nM", "fork nM"]
    headings += ["fitted", "off by"] if found.checked else []
    table = Table(title=f"{found.design}: rate constants on totals, nM^(1-n)/s")
    for heading in headings:
        table.add_column(heading, justify="left" if heading in ("reaction", "stage", "as") else "right")
    for row in found.reactions:
        table.add_row(*_cells(row))
    out.print(table)
    table = Table(title="signals")
    for heading in ("role", "signals", "free", "least free"):
        table.add_column(heading, justify="right" if "free" in heading else "left", overflow="fold")
    for role, names, free, least in _by_role(found.signals):
        table.add_row(role, names, free, least)
    out.print(table)
    table = Table(title="limits")
    for heading in ("limit", "nearest", "value", "limit", ""):
        table.add_column(heading, justify="right" if heading in ("value",) else "left")
    for m in found.limits:
        limit = "none" if (bound := m.to_dict()["limit"]) is None else f"{'>=' if m.least else '<='} {bound:.4g}"
        table.add_row(m.name, m.where, f"{m.value:.4g}", limit, "" if not m.binds else "binds" if m.kept else "BROKEN")
    out.print(table)
    for line in lines(found):
        out.print(line, markup=False)


def _cells(row: Any) -> list[str]:
    cells = [str(row["index"]), row["reaction"], row["stage"], row["kind"]]
    cells += [f"{row['target']:.3e}", f"{row['achieved']:.3e}", f"{row['residual']:+.1e}"]
    cells += [f"{row[k]:.1f}" if row[k] else "" for k in ("gate_nM", "helper_nM", "fork_nM")]
    if "fitted" in row:
        cells += ["", ""] if row["fitted"] is None else [f"{row['fitted']:.3e}", f"{row['deviation']:+.1%}"]
    return cells


def _by_role(signals: Any) -> list[tuple[str, str, str, str]]:
    rows = []
    for role in dict.fromkeys(s["role"] for s in signals):
        those = [s for s in signals if s["role"] == role]
        least = min(those, key=lambda s: s["free"])
        mean = sum(s["free"] for s in those) / len(those)
        rows.append((role, str(len(those)), f"{mean:.1%}", f"{least['free']:.1%} ({least['signal']})"))
    return rows


def lines(found: Report) -> list[str]:
    """The pot in one line, what limits its pace, and what the check found."""
    f = found.facts
    said = [
        f"One formal unit is {f['unit_nM']:.4g} nM and {f['unit_s']:.4g} s; an iteration takes "
        f"{f['iteration_hours']:.2f} h; toeholds of {f['toehold_nt']} nt, {f['profile']} kinetics."
    ]
    reactants = ", ".join(f"{number} of {order}" for order, number in f["clocked_by_reactants"].items())
    said.append(
        f"Clocked: {f['clocked_species']} species, {f['clocked_reactions']} reactions ({reactants} reactants). "
        f"DNA: {f['distinct_strands']} strands, {f['gate_complexes']} gates, {f['total_uM']:.4g} µM."
    )
    if found.pace:
        said.append(f"The clock is {f['slowdown']:.4g} times slower than stated; faster: {found.pace}.")
    if found.checked:
        worst = max(found.checked, key=lambda c: abs(c.deviation))
        transfers = [c.deviation for c in found.checked if c.index in found.transfers]
        said.append(
            f"Checked alone: {len(found.checked)} gates, the farthest off by {worst.deviation:+.1%} ({worst.text}); "
            f"{len(transfers)} transfers between {min(transfers):+.1%} and {max(transfers):+.1%}, which "
            f"{'hold' if found.matched else 'DO NOT HOLD'} within 10 %."
        )
    return said
