"""``strandgrad bench schemes``: translation schemes side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

EXAMPLE = """\b
Examples:
  strandgrad bench schemes any.crn -o out/schemes
  strandgrad bench schemes linreg2d --limit 120
"""


@click.command("schemes", epilog=EXAMPLE)
@click.argument("source", metavar="DESIGN|FILE.crn")
@click.option("-o", "--output", help="Folder for schemes.csv and schemes.json.")
@click.option("--toehold", type=click.IntRange(min=3), default=5, show_default=True, help="Toehold length, nt.")
@click.option("--long", "long_nt", type=click.IntRange(min=8), default=15, show_default=True, help="Long domains, nt.")
@click.option(
    "--limit", type=click.FloatRange(min=0, min_open=True), default=30.0, show_default=True,
    help="CPU seconds that a scheme may take.",
)  # fmt: skip
def schemes(source: str, output: str | None, toehold: int, long_nt: int, limit: float) -> None:
    """What every gate scheme makes of a network: strands, domains, nucleotides, species, and is it right?

    Of a DESIGN its clocked network is built. Nuskell's schemes are among them where it is installed. Rates and
    concentrations play no part. Schemes that the folder has already are not built again. The exit code is 0 even if a
    scheme is wrong: that is a result.
    """
    from compiler.bench.schemes import facts, kept, rows
    from compiler.progress import bars, waiting
    from compiler.texts import read_source
    from compiler.verification import network_of
    from dsd.files import write_json_atomic
    from dsd.translate import scheme_names

    with waiting(f"compiling {source}"):
        network, names = network_of(read_source(source)), scheme_names()
    wanted = facts(network, toehold, long_nt)
    file = Path(output) / "schemes.json" if output else None
    found: list[dict[str, Any]] = []
    with bars() as task:
        move = task(names[0])
        for row in rows(network, limit, toehold, long_nt, kept(file, wanted, limit) if file else None):
            found.append(row.as_dict())
            if file:
                write_json_atomic(file, {"source": source, **wanted, "schemes": found})
            move(len(found), len(names))
            click.echo(f"[{len(found)}/{len(names)}] {row.scheme}: {row.seconds:.1f} s", err=True)
    _show(source, found)
    if output:
        _save(Path(output) / "schemes.csv", found)
        click.echo(f"The table is in {output}: schemes.csv and schemes.json.")


def _save(file: Path, rows: list[dict[str, Any]]) -> None:
    from dsd.files import write_atomic

    lines = [",".join(rows[0]), *(",".join(_cell(v) for v in row.values()) for row in rows)]
    write_atomic(file, "\n".join(lines) + "\n")


def _cell(value: object) -> str:
    """A CSV cell; text is quoted."""
    return '"' + value.replace('"', '""') + '"' if isinstance(value, str) else str(value)


def _show(source: str, rows: list[dict[str, Any]]) -> None:
    from rich.table import Table

    from compiler.commands.outputs import console

    click.echo(f"{source}, by scheme")
    shown = Table()
    for heading in ("scheme", "fuels", "strands", "domains", "nt", "species", "reactions", "verified", "notion", "s"):
        shown.add_column(heading, justify="left" if heading in ("scheme", "notion") else "right", overflow="fold")
    for row in rows:
        if not row["shapes"]:
            shown.add_row(row["scheme"], *"-------", "", f"{row['seconds']:.1f}")
            continue
        shown.add_row(
            row["scheme"], str(row["fuels"]), str(row["strands"]),
            f"{row['toehold_domains']} + {row['long_domains']}", str(row["nucleotides"]), str(row["species"]),
            str(row["reactions"]), f"{row['verified']} of {row['shapes']}", row["notion"], f"{row['seconds']:.1f}",
        )  # fmt: skip
    console().print(shown)
    for row in rows:
        if row["fault"]:
            click.echo(f"{row['scheme']}: {row['fault']}")
