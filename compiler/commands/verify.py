"""``strandgrad verify``: do the gates do what they claim?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from compiler.verification import Verification
    from dsd.system_report import SystemReport
    from dsd.verify import Cache

EXAMPLE = """\b
Examples:
  strandgrad verify linreg2d -o out/verify.json
  strandgrad verify any.crn --scheme two-domain
"""


@click.command("verify", epilog=EXAMPLE)
@click.argument("sources", metavar="DESIGN|FILE...", nargs=-1, required=True)
@click.option(
    "--gating",
    type=click.Choice(["operand", "per-reaction", "pipelined"]),
    help="Replaces the design's gating strategy.",
)
@click.option("--scheme", help="Replaces the gate scheme: also four-domain, nuskell:NAME.")
@click.option("--design", help="Design whose [clock] and [dna] a FILE is compiled with. [default: the one it names]")
@click.option("--pairs", type=click.IntRange(min=0), help="Pairs of gates enumerated in one tube. [default: 80]")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Draws the pairs.")
@click.option("-o", "--output", help="JSON file for the report.")
def command(
    sources: tuple[str, ...],
    gating: str | None,
    scheme: str | None,
    design: str | None,
    pairs: int | None,
    seed: int,
    output: str | None,
) -> None:
    """Verify the gates of a DESIGN, of any network (.crn), or of DNA (.pil).

    Every gate shape: is its network the one Peppercorn enumerates, rate by rate, and a bisimulation of its reaction?
    All gates: do they keep apart? Rates and concentrations play no part. Exits 1 if anything is wrong.
    """
    from compiler.progress import bars
    from compiler.verification import verify
    from dsd.files import write_json_atomic
    from dsd.system_report import PAIRS

    cache: Cache = {}
    found = []
    with bars() as task:
        move = task("verifying")
        for done, source in enumerate(sources, 1):
            found.append(
                verify(
                    source, gating=gating, scheme=scheme, design=design, seed=seed, cache=cache,
                    pairs=PAIRS if pairs is None else pairs,
                )
            )  # fmt: skip
            move(done, len(sources))
    for each in found:
        show(each)
    if output:
        write_json_atomic(output, {"verified": [each.to_dict() for each in found]})
        click.echo(f"The report is in {output}.")
    if not all(each.ok for each in found):
        raise click.exceptions.Exit(1)


def show(found: Verification) -> None:
    """Print the shapes as a table, what was found about the gates together, and every fault."""
    from rich.table import Table

    from compiler.commands.outputs import console

    gated = f", {found.gating} gating" if found.gating else ""
    report = found.report
    click.echo(f"{found.source}: {report.modules} reactions as {report.scheme} gates{gated}")
    table = Table()
    for heading in ("shape", "as", "gates", "notion", "verdict", "Peppercorn", "assuming", "s"):
        table.add_column(heading, justify="right" if heading in ("gates", "s") else "left", overflow="fold")
    for s in report.shapes:
        pair = " pair" if s.kind == "annihilator" and len(s.gates) == 2 else ""
        holds = s.verdict.holds and s.verdict.second
        network = f"{len(s.differences)} differ" if s.differences else f"{s.reactions} equal"
        if not report.conserved:
            network = f"{s.reactions} its own"
        verdict = s.verdict.notion, "true" if holds else "FALSE", network, s.premise
        table.add_row(s.shape, s.kind + pair, str(s.count), *verdict, f"{s.seconds:.2f}")
    console().print(table)
    for line in lines(report):
        click.echo(line)


def lines(report: SystemReport) -> list[str]:
    """What holds for the gates together, and every fault."""
    from dsd.shape_report import COMMON

    said = [f"All assume that {COMMON}."]
    if report.conserved:
        said.append(f"Strands: {report.conserved}.")
    if report.conserved and not report.together:
        said.append("Together: no gate shares a long domain with a stranger, and no reaction is new.")
    if report.pairs:
        said.append(f"{report.pairs}.")
    return [*said, *(f"FAULT: {fault}" for fault in report.faults)]
