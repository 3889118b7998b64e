"""``strandgrad train``: one level of a design."""

from __future__ import annotations

import click

from compiler.training import LEVELS

EXAMPLE = """\b
Examples:
  strandgrad train linreg2d --level dsd --epochs 1 -o out/dsd
  strandgrad train linreg2d --level dsd --reduced -o out/reduced
"""


@click.command("train", epilog=EXAMPLE)
@click.argument("design")
@click.option("--level", type=click.Choice(LEVELS), required=True, help="What is trained.")
@click.option("--reduced", is_flag=True, help="At dsd: take exchange and other fast steps to be in equilibrium.")
@click.option("--epochs", type=click.IntRange(min=1), help="Replaces the design's number of epochs.")
@click.option("--seed", type=click.IntRange(min=0), help="Replaces the design's seed, which shuffles the samples.")
@click.option("-o", "--output", required=True, help="Folder for metrics.json, tables and figures.")
def command(design: str, level: str, reduced: bool, epochs: int | None, seed: int | None, output: str) -> None:
    """Train DESIGN at one level; if that fails, its history until then is kept, and the exit code is 2.

    reference is the neural ODE without chemistry, formal its reactions stage by stage, clocked one pot with its
    oscillator, dsd the whole network of strands, in nM and seconds. With --reduced, dsd is simulated by its slow
    quantities only, and the result is labelled dsd-reduced: train so, and confirm once without it.
    """
    from compiler.commands.outputs import save, show, weight_names
    from compiler.design import load_design
    from compiler.metrics import metrics
    from compiler.progress import bars
    from compiler.training import trainer
    from compiler.training.history import TrainingError
    from dsd.errors import InputError

    if reduced and level != "dsd":
        raise InputError(f"--reduced is a simulation of the DNA network, not of level {level}; add --level dsd")
    level = "dsd-reduced" if reduced else level
    loaded = load_design(design)
    try:
        with bars() as task:
            history = trainer(level)(loaded, epochs=epochs, seed=seed, progress=task(level))
    except TrainingError as error:
        partial = {level: error.history}
        save(output, loaded, {}, metrics(loaded, {}, seed=seed, failed={level: str(error)}, partial=partial), partial)
        raise TrainingError(f"{error}\nThe history so far is in {output}.", error.time, error.history) from None
    result = metrics(loaded, {level: history}, seed=seed)
    save(output, loaded, {level: history}, result)
    show(result, weight_names(loaded))
    click.echo(f"The report is in {output}.")
