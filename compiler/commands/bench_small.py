"""``strandgrad bench convergence``, ``bench compile`` and ``bench sequences``: one table each."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("convergence", epilog="\b\nExample:\n  strandgrad bench convergence -o out/convergence")
@click.option("-o", "--output", required=True, help="Folder for convergence.md.")
@click.option("--cycles", type=click.IntRange(2, 10**5), default=300, show_default=True, help="Cycles of the clock.")
def convergence(output: str, cycles: int) -> None:
    """Phase of a clock made of DNA after many cycles, by tolerance and integrator."""
    from compiler.bench.convergence import phases, table
    from dsd.files import write_atomic

    text = table(phases([1e-5, 1e-6, 1e-7, 1e-8], ["ndf", "dense"], cycles))
    write_atomic(Path(output) / "convergence.md", text)
    click.echo(text)


@click.command("compile", epilog="\b\nExample:\n  strandgrad bench compile -o out/compile")
@click.option("-o", "--output", required=True, help="Folder for compile.md.")
@click.option("--reactions", help="Numbers of formal reactions, separated by commas. [default: 1,000 to 10,000]")
def compiling(output: str, reactions: str | None) -> None:
    """How long formal networks of growing size take to compile to implementation networks."""
    from compiler.bench.compile_speed import SIZES, speeds, table
    from dsd.errors import InputError
    from dsd.files import write_atomic

    try:
        sizes = [int(n) for n in reactions.split(",")] if reactions else list(SIZES)
    except ValueError:
        raise InputError(f"--reactions {reactions}: give whole numbers, separated by commas") from None
    if min(sizes) < 1:
        raise InputError(f"--reactions {reactions}: give at least 1 reaction")
    text = table(speeds(sizes))
    write_atomic(Path(output) / "compile.md", text)
    click.echo(text)


@click.command("sequences", epilog="\b\nExample:\n  strandgrad bench sequences -o out/sequences --domains 60,300,1000")
@click.option("-o", "--output", required=True, help="Folder for sequences.md.")
@click.option("--domains", default="60,300,1000", show_default=True, help="Numbers of long domains, by commas.")
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Of the search.")
def sequences(output: str, domains: str, seed: int) -> None:
    """How far apart so many designed domains are, and the time that takes."""
    from compiler.bench.sequences import measured, table
    from dsd.errors import InputError
    from dsd.files import write_atomic

    try:
        numbers = [int(n) for n in domains.split(",")]
    except ValueError:
        raise InputError(f"--domains {domains}: give whole numbers, separated by commas") from None
    if min(numbers) < 2:
        raise InputError(f"--domains {domains}: give at least 2 domains")
    text = table(measured(numbers, seed=seed))
    write_atomic(Path(output) / "sequences.md", text)
    click.echo(text)
