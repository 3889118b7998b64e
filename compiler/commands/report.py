"""``strandgrad report``: the page on a folder of results."""

from __future__ import annotations

from pathlib import Path

import click

EXAMPLE = """\b
Examples:
  strandgrad report out
  strandgrad report out --verify
"""


@click.command("report", epilog=EXAMPLE)
@click.argument("folder")
@click.option("--design", help="Design that was trained. [default: the one that the folder names]")
@click.option("--verify", is_flag=True, help="Verify its gates first, into verify.json.")
def command(folder: str, design: str | None, verify: bool) -> None:
    """Write FOLDER/report.html from what compare or train left in FOLDER, finished or not.

    One file that works offline: the verdict, losses and weights, what the circuit decides, its clock, graph, gates,
    size, cost, fuels, verification, mapping and robustness, as far as they are known, and what it takes to run it
    again. Results of verify (verify.json) and robustness (robustness.json, or robustness/) in the folder are taken in.
    """
    from compiler.progress import waiting
    from compiler.report.page import write_report

    with waiting("writing the report"):
        if verify:
            _verify(Path(folder), design)
        path = write_report(folder, source=design)
    click.echo(f"The report is {path}.")


def _verify(folder: Path, source: str | None) -> None:
    """Verify the gates of the folder's design into its ``verify.json``."""
    from compiler.report.facts import design_of
    from compiler.report.folder import read_folder
    from compiler.verification import verify
    from dsd.errors import InputError
    from dsd.files import write_json_atomic

    design, absent = design_of(read_folder(folder), source)
    if design is None:
        raise InputError(f"--verify needs the design: {absent}; give it by --design")
    write_json_atomic(folder / "verify.json", {"verified": [verify(str(design.path)).to_dict()]})
