"""``strandgrad train``: one level of a design."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from compiler.training import LEVELS

if TYPE_CHECKING:
    from compiler.design import Design
    from compiler.training.history import History

EXAMPLE = """\b
Examples:
  strandgrad train linreg2d --level dsd --epochs 1 -o out/dsd
  strandgrad train linreg2d --level dsd --epochs 1 -o out/dsd --resume
  strandgrad train linreg2d --level dsd --reduced -o out/reduced
"""


@click.command("train", epilog=EXAMPLE)
@click.argument("design")
@click.option("--level", type=click.Choice(LEVELS), required=True, help="What is trained.")
@click.option("--reduced", is_flag=True, help="At dsd: fast steps in equilibrium.")
@click.option("--epochs", type=click.IntRange(1, 10**5), metavar="N", help="Replaces the design's number of epochs.")
@click.option("--seed", type=click.IntRange(min=0), metavar="N", help="Replaces the design's seed.")
@click.option(
    "--checkpoint-every", "every", type=click.IntRange(1, 10**5), metavar="N",
    help="Iterations between checkpoints. [default: by time]",
)  # fmt: skip
@click.option("--resume", is_flag=True, help="Go on from the checkpoint in the folder.")
@click.option("-o", "--output", required=True, help="Folder for metrics and figures.")
def command(
    design: str, level: str, reduced: bool, epochs: int | None, seed: int | None, every: int | None, resume: bool,
    output: str,
) -> None:  # fmt: skip
    """Train DESIGN at one level; if that fails, its history until then is kept, and the exit code is 2.

    reference is the neural ODE without chemistry, formal its reactions stage by stage, clocked one pot with its
    oscillator, dsd the whole network of strands, in nM and seconds; --reduced simulates that by its slow quantities.

    After Ctrl-C or a crash, --resume goes on from the last checkpoint, to the very same weights.
    """
    from compiler.commands.outputs import save, show, weight_names
    from compiler.design import load_design
    from compiler.metrics import metrics
    from compiler.progress import bars
    from compiler.training import train
    from compiler.training.checkpoint import Checkpoints, place
    from compiler.training.history import Interrupted, TrainingError
    from dsd.errors import InputError

    if reduced and level != "dsd":
        raise InputError(f"--reduced is a simulation of the DNA network, not of level {level}; add --level dsd")
    level = "dsd-reduced" if reduced else level
    loaded = load_design(design)
    checkpoints = Checkpoints(place(output, level), every=every, resume=resume)
    try:
        with bars() as task:
            history = train(loaded, level, epochs=epochs, seed=seed, progress=task(level), checkpoints=checkpoints)
    except TrainingError as error:
        _keep(output, loaded, level, seed, str(error), error.history)
        said = f"{error}\nThe history so far is in {output}. {checkpoints.hint()}".rstrip()
        raise TrainingError(said, error.time, error.history) from None
    except Interrupted as stop:
        _keep(output, loaded, level, seed, "stopped by Ctrl-C", stop.history)
        click.echo(f"\nStopped; the history so far is in {output}. {checkpoints.hint()}".rstrip(), err=True)
        raise click.exceptions.Exit(130) from None
    result = metrics(loaded, {level: history}, seed=seed)
    save(output, loaded, {level: history}, result)
    checkpoints.remove()
    show(result, weight_names(loaded))
    click.echo(f"The report is in {output}.")


def _keep(output: str, design: Design, level: str, seed: int | None, reason: str, history: History) -> None:
    """Write what there is of a run that did not finish."""
    from compiler.commands.outputs import save
    from compiler.metrics import metrics

    partial = {level: history}
    save(output, design, {}, metrics(design, {}, seed=seed, failed={level: reason}, partial=partial), partial)
