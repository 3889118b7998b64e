"""``strandgrad reporters``: fluorescent reporters for chosen signals, and the load they add."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from dsd.reporters import Load

EXAMPLE = """\b
Examples:
  strandgrad reporters linreg2d --signals O1,O2,O3 -o reported.pil
  strandgrad reporters pot.pil --signals Ap,An --reporter-nM 2 --until 20h
"""


@click.command("reporters", epilog=EXAMPLE)
@click.argument("source", metavar="DESIGN|FILE")
@click.option("--signals", required=True, help="Signals to report, separated by commas.")
@click.option("--reporter-nM", "reporter_nM", type=float, default=5.0, show_default=True, help="Of each reporter.")
@click.option(
    "--quencher-nM", "quencher_nM", type=float, default=50.0, show_default=True, help="Of a live one's strand."
)
@click.option("--kind", type=click.Choice(["live", "endpoint"]), default="live", show_default=True)
@click.option("--until", default="12h", show_default=True, help="Simulated time over which the load is measured.")
@click.option("-o", "--output", help="File for the system with its reporters, as .pil text.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def command(
    source: str, signals: str, reporter_nM: float, quencher_nM: float, kind: str, until: str, output: str | None,
    as_json: bool,
) -> None:  # fmt: skip
    """Add a fluorescent reporter for each signal to the DNA of DESIGN, or of a .pil FILE, and measure the load.

    A live reporter follows its signal and holds a part of it back; an endpoint reporter uses up what it counts. Both
    systems are simulated from the same start, and each signal compared.
    """
    from compiler.commands.durations import duration
    from compiler.progress import bars, waiting
    from compiler.texts import read_source, system_of
    from dsd.files import write_atomic
    from dsd.network import NANOMOLAR
    from dsd.pil import print_pil
    from dsd.reporters import loads, with_reporters

    end = duration(until, NANOMOLAR, "--until")
    names = [n.strip() for n in signals.split(",") if n.strip()]
    with waiting(f"compiling {source}"):
        system = system_of(read_source(source))
    reported = with_reporters(system, names, reporter_nM=reporter_nM, quencher_nM=quencher_nM, kind=kind)
    with bars() as task:
        found = loads(system, reported, end, task("simulating without and with"))
    if output:
        write_atomic(output, print_pil(reported))
    if as_json:
        click.echo(json.dumps([asdict(load) for load in found], indent=2))
    else:
        _print(found)


def _print(found: tuple[Load, ...]) -> None:
    from rich.table import Table

    from compiler.commands.outputs import console

    table = Table(title="each signal without its reporter -> with it")
    table.add_column("signal")
    for heading in ("peak, nM", "mean, nM", "lit at most, nM", "first rise, s"):
        table.add_column(heading, justify="right")
    for load in found:
        table.add_row(
            load.signal,
            f"{load.peak:.3g} -> {load.peak_with:.3g} ({load.peak_with / load.peak - 1:+.1%})" if load.peak else "0",
            f"{load.mean:.3g} -> {load.mean_with:.3g}",
            f"{load.lit_peak:.3g}",
            " -> ".join("-" if rise is None else f"{rise:.0f}" for rise in (load.rise, load.rise_with)),
        )
    console().print(table)
