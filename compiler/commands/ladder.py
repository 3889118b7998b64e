"""``strandgrad ladder``: a pot brought up step by step, with the strands and the expected curve of each step."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from compiler.ladder import Rung
    from dsd.sequences.record import Sequences

EXAMPLE = """\b
Examples:
  strandgrad ladder linreg2d -o out/ladder
  strandgrad ladder linreg2d -o out/ladder --sequences out/order/sequences.csv
"""


@click.command("ladder", epilog=EXAMPLE)
@click.argument("design")
@click.option("-o", "--output", required=True, help="Folder to write.")
@click.option("--sequences", help="The sequences.csv of 'strandgrad sequences'; strands are then spelled out.")
def command(design: str, output: str, sequences: str | None) -> None:
    """Build DESIGN's pot up: one gate, the oscillator, the forward pass, training.

    Every step leaves its system (.pil), the strands it adds to those before (-strands.csv), and what to expect:
    total concentrations over time (-curve.csv, -curve.png), at the kinetics profile of the design.
    """
    from compiler.design import load_design
    from compiler.ladder import ladder
    from compiler.ordering import writable
    from compiler.progress import waiting
    from dsd.files import read_text, write_atomic
    from dsd.sequences.record import parse_sequences

    writable(output)
    spelled = parse_sequences(read_text(sequences), sequences) if sequences else None
    loaded = load_design(design)
    with waiting("simulating every step"):
        rungs = [(rung, _files(rung, spelled)) for rung in ladder(loaded)]
    for rung, files in rungs:
        for name, content in files.items():
            write_atomic(Path(output) / name, content)
        strands = len(rung.new)
        click.echo(f"{rung.name:<10}  {strands:>4} strands more  {', '.join(rung.watched)}: {rung.what}")


def _files(rung: Rung, spelled: Sequences | None) -> dict[str, str | bytes]:
    """The files of a rung by name."""
    import csv
    import io

    from matplotlib.figure import Figure

    from compiler.figures import rendered
    from dsd.pil import print_pil

    table = io.StringIO()
    rows = csv.writer(table, lineterminator="\n")
    rows.writerow(("Name", "Domains", "Sequence"))
    strand = {s.name: s for s in rung.system.strands}
    for name in rung.new:
        domains = strand[name].domains
        rows.writerow((name, " ".join(domains), spelled.spell(domains) if spelled else ""))
    figure = Figure(figsize=(7, 4), layout="constrained")
    ax = figure.subplots()
    rung.curve.plot(ax)
    ax.set_title(f"{rung.name}: {rung.what}")
    return {
        f"{rung.name}.pil": print_pil(rung.system),
        f"{rung.name}-strands.csv": table.getvalue(),
        f"{rung.name}-curve.csv": rung.curve.to_csv(),
        f"{rung.name}-curve.png": rendered(figure, "png"),
    }
