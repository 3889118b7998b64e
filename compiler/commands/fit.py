"""``strandgrad fit``: a kinetics profile from a plate reader's traces of a single gate."""

from __future__ import annotations

import click

EXAMPLE = """\b
Example:
  strandgrad fit wells.csv --gate 100 --toehold 5
"""


@click.command("fit", epilog=EXAMPLE)
@click.argument("file")
@click.option("--gate", "gate_nM", type=float, required=True, help="nM of the gate in every well.")
@click.option("--toehold", type=click.IntRange(1, 15), required=True, help="Length of its toehold, nt.")
@click.option("-o", "--output", help="Draw data and fit into this file (.png, .svg or .pdf).")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead.")
def command(file: str, gate_nM: float, toehold: int, output: str | None, as_json: bool) -> None:
    """Fit a rate constant to FILE, and print the kinetics profile for [dna] of a design.

    FILE is CSV: t [s] (or min, h), then a column for each well, headed by its input: 5 nM, 10 nM. Values are
    fluorescence in any unit, of a strand (or reporter) that one input displaces from one gate, for good.
    """
    import json
    from dataclasses import asdict
    from pathlib import Path

    from dsd.files import read_text, write_atomic
    from dsd.fit import fit_displacement, read_traces
    from dsd.rates import zhang_displacement

    traces = read_traces(read_text(file), file)
    found = fit_displacement(traces, gate_nM)
    reference = zhang_displacement(toehold)
    name = f"literature*{found.rate / reference:.3g}"
    if output:
        from compiler.figures import rendered
        from compiler.fit_figure import figure

        write_atomic(output, rendered(figure(traces, found, gate_nM), Path(output).suffix[1:] or "png"))
    if as_json:
        click.echo(json.dumps(asdict(found) | {"literature_rate": reference, "profile": name}, indent=2))
        return
    click.echo(f"rate constant     {found.rate:.3g} /M/s ({found.low:.3g} to {found.high:.3g}, 95 %)")
    click.echo(f"literature        {reference:.3g} /M/s at {toehold} nt (Zhang & Winfree 2009)")
    click.echo(f"residuals         {found.rms:.3g} nM, root mean square")
    click.echo(f'[dna] profile     "{name}"')
