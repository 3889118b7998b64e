"""``strandgrad doctor``: what is installed, and what is missing for what."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

EXAMPLE = """\b
Examples:
  strandgrad doctor          a line for each part
  strandgrad doctor --json   the same, for a program
"""


@click.command("doctor", epilog=EXAMPLE)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of lines.")
def command(as_json: bool) -> None:
    """Check the installation: required libraries and the engine, optional groups, programs, cores, Numba's cache.

    What is optional and missing is named with what installs it. The exit code is 1 only if something required is
    missing or does not work.
    """
    from compiler.doctor import examine
    from compiler.progress import waiting

    with waiting("looking around"):
        found = examine()
    broken = [f for f in found if f.required and not f.ok]
    if as_json:
        click.echo(json.dumps([asdict(f) for f in found], indent=2))
    else:
        for f in found:
            state = "ok" if f.ok else "BROKEN" if f.required else "-"
            click.echo(f"{state:<8}{f.part:<15}{f.fact}{f'; {f.remedy}' if f.remedy else ''}")
        click.echo("Something required is broken." if broken else "Everything required works.")
    if broken:
        raise click.exceptions.Exit(1)
