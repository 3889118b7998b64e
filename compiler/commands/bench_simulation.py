"""``strandgrad bench reduced`` and ``bench ssa``: what simulation costs."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("reduced", epilog="\b\nExample:\n  strandgrad bench reduced -o out/reduced")
@click.option("-o", "--output", required=True, help="Folder for reduced.csv and reduced.md.")
@click.option("--designs", default="linreg2d-minimal,linreg2d", show_default=True, help="Designs, by commas.")
@click.option("--epochs", type=click.IntRange(1, 10**5), help="Replaces the designs' number of epochs.")
def reduced(output: str, designs: str, epochs: int | None) -> None:
    """Train designs at the DNA level in full and reduced: the error that reduction makes, and the time it saves."""
    from compiler.bench.reduced import csv_table, markdown, row
    from compiler.design import load_design
    from dsd.files import write_atomic

    rows = [row(load_design(name.strip()), epochs) for name in designs.split(",") if name.strip()]
    text = markdown(rows)
    write_atomic(Path(output) / "reduced.csv", csv_table(rows))
    write_atomic(Path(output) / "reduced.md", text)
    click.echo(f"{text}The table is in {output}: reduced.csv and reduced.md.")


@click.command("ssa", epilog="\b\nExample:\n  strandgrad bench ssa -o out/ssa")
@click.option("-o", "--output", required=True, help="Folder for ssa.csv and ssa.md.")
@click.option("--design", default="linreg2d-minimal", show_default=True, help="Its DNA network is simulated.")
@click.option("--volume", default="1pL", show_default=True, help="The volume it is simulated in.")
@click.option("--until", default="200s", show_default=True, help="Simulated time.")
@click.option("--repeats", type=click.IntRange(1, 10**5), default=3, show_default=True, help="Runs; the best counts.")
@click.option(
    "--share", type=click.FloatRange(0, 1, min_open=True), default=0.1, show_default=True,
    help="The part of that time that peers simulate; their rate is per event.",
)  # fmt: skip
def ssa(output: str, design: str, volume: str, until: str, repeats: int, share: float) -> None:
    """Events per second of stochastic simulation, beside GillesPy2 and libRoadRunner where they are installed."""
    from compiler.bench.ssa import csv_table, markdown, rates
    from compiler.commands.durations import duration
    from compiler.commands.volumes import omega
    from compiler.design import load_design
    from compiler.pipeline import implementation
    from dsd.files import write_atomic

    network = implementation(load_design(design)).network
    end = duration(until, network.units, "--until")
    found = tuple(rates(network, omega(network.units, volume, None), end, repeats=repeats, share=share))
    size = f"{len(network.names)} species, {len(network.reactions)} reactions"
    text = markdown(found, f"{design} ({size}), {volume}, {until}: {found[0].events:.0f} events")
    write_atomic(Path(output) / "ssa.csv", csv_table(found))
    write_atomic(Path(output) / "ssa.md", text)
    click.echo(f"{text}The table is in {output}: ssa.csv and ssa.md.")
