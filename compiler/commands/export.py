"""``strandgrad export``: a design, or a file of any level, in the formats of other tools."""

from __future__ import annotations

from pathlib import Path

import click

from compiler.commands.options import schemed

EXAMPLE = """\b
Examples:
  strandgrad export linreg2d --format sbml --format graphml -o out
  strandgrad export pot.pil --all --zip -o out

\b
Formats: crn sbml antimony catalyst; of DNA pil visual-dsd graphml scadnano;
  with nucleotides sequences genbank sbol oxdna fasta order plates protocol.
"""


@click.command("export", epilog=EXAMPLE)
@click.argument("source", metavar="DESIGN|FILE")
@click.option("-f", "--format", "names", multiple=True, help="A format of those below; may be repeated.")
@click.option("--all", "every", is_flag=True, help="Every format that it can be written in.")
@click.option("-o", "--output", required=True, help="Folder for the files.")
@click.option("--sequences", help="Nucleotides, as strandgrad sequences writes them. [default: designed here]")
@click.option("--seed", type=click.IntRange(min=0), help="Of sequences designed here. [default: 0]")
@click.option("--candidates", type=click.IntRange(1, 10**5), help="Sets to design and rank. [default: the design's]")
@click.option("--zip", "pack", is_flag=True, help="Also pack them as NAME.zip.")
@schemed
def command(
    source: str, names: tuple[str, ...], every: bool, output: str, sequences: str | None, seed: int | None,
    candidates: int | None, pack: bool, scheme: str | None,
) -> None:  # fmt: skip
    """Write DESIGN, or a .pil or .crn FILE, in the formats of other tools.

    A design and a .pil are exported as DNA and the network it implements, a .crn as the network it is, or by --scheme
    as DNA. Nucleotides are designed where needed. manifest.json says what the files were made of; a run that was
    stopped goes on.
    """
    from compiler.exporting import export_design
    from compiler.progress import bars
    from dsd.export.bundle import zipped
    from dsd.files import write_atomic

    if every == bool(names):
        raise click.UsageError("Give --format once or more, or --all; one of the two.")
    if sequences is not None and (seed, candidates) != (None, None):
        raise click.UsageError("--seed and --candidates are of sequences designed here; leave --sequences out.")
    with bars() as task:
        try:
            manifest = export_design(
                source, output, names, scheme=scheme, sequences=sequences, seed=seed or 0, candidates=candidates,
                progress=task,
            )  # fmt: skip
        except KeyboardInterrupt:
            click.echo("\nStopped; finished files are kept, and the same command goes on with the others.", err=True)
            raise click.exceptions.Exit(130) from None
    if unspelled := manifest.pop("unspelled", ""):
        click.echo(f"No sequences: {unspelled}.", err=True)
    if pack:
        write_atomic(Path(output) / f"{manifest['name']}.zip", zipped(output, manifest))
    click.echo(f"{len(manifest['files'])} files are in {output}; manifest.json lists them.")
    for reason in manifest["left_out"].values():
        click.echo(f"Left out: {reason}.", err=True)
