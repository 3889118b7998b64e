"""``strandgrad compile``: the text of a design, or of a file, at a later level."""

from __future__ import annotations

import click

from compiler.commands.options import schemed

LEVELS = ("formal", "clocked", "dsd", "network")

EXAMPLE = """\b
Examples:
  strandgrad compile linreg2d --to formal
  strandgrad compile linreg2d --to clocked -o pot.crn
  strandgrad compile any.crn --to dsd --scheme four-domain -o any.pil
"""


@click.command("compile", epilog=EXAMPLE)
@click.argument("source", metavar="DESIGN|FILE")
@click.option("--to", "level", type=click.Choice(LEVELS), required=True, help="The level to print.")
@click.option("-o", "--output", help="File to write. [default: standard output]")
@click.option(
    "--gating",
    type=click.Choice(["operand", "per-reaction", "two-phase", "pipelined"]),
    help="Replaces the design's gating strategy.",
)
@click.option("--sample", type=click.IntRange(min=1), default=1, show_default=True, help="Training row dosed by a pot.")
@click.option("--design", help="Design whose [clock] and [dna] a FILE is compiled with. [default: the one it names]")
@schemed
def command(
    source: str, level: str, output: str | None, gating: str | None, sample: int, design: str | None, scheme: str | None
) -> None:
    """Print DESIGN, or a FILE of any level, at a later level.

    formal and clocked are .crn text, dsd is .pil text (kernel notation), network is the .crn that the DNA implements.
    From clocked on, the text doses one training sample whenever the clock asks for one.
    """
    from compiler.compilation import compiled
    from compiler.progress import waiting
    from dsd.files import write_atomic

    with waiting(f"compiling {source}"):
        text = compiled(source, level, gating=gating, sample=sample, design=design, scheme=scheme)
    if output:
        write_atomic(output, text)
    else:
        click.echo(text, nl=False)
