"""Options that every command with many runs has, and how its progress is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from compiler.training import EVERY_LEVEL

if TYPE_CHECKING:
    from compiler.tasks.store import Report

Command = Callable[..., Any]

CLUSTER = """\b
A cluster, with the same version of 'strandgrad[cluster]' on all machines:
  dask scheduler
  dask worker tcp://HOST:8786 --nthreads 1 --nworkers auto
"""
"""How to start a cluster; for the help of a command."""


def placed(command: Command) -> Command:
    """Give a command ``--workers`` (or ``--jobs``) and ``--scheduler``."""
    workers = click.option(
        "--workers", "--jobs", "workers", type=click.IntRange(1, 10**5), metavar="N",
        help="Runs at a time. [default: one a core]",
    )  # fmt: skip
    scheduler = click.option("--scheduler", metavar="ADDRESS", help="Run on a Dask cluster: tcp://HOST:PORT.")
    return workers(scheduler(command))


def schemed(command: Command) -> Command:
    """Give a command ``--scheme``."""
    return click.option("--scheme", metavar="NAME", help="Gates: two-domain, four-domain, nuskell:NAME.")(command)


def check_place(workers: int | None, scheduler: str | None) -> None:
    """Refuse a number of processes for a cluster, which has its own."""
    if workers and scheduler:
        raise click.UsageError("--workers is for this machine; with --scheduler the cluster has its own workers")


@contextmanager
def reporting(runs: int) -> Iterator[Report]:
    """A bar for so many runs; yields what is told of every run, which is printed on stderr too.

    Ctrl-C ends the command with 130, and says that nothing finished is lost.
    """
    from compiler.progress import bars

    with bars() as task:
        update = task(f"{runs} runs")

        def report(done: int, total: int, sentence: str) -> None:
            update(done, total)
            click.echo(f"[{done}/{total}] {sentence}", err=True)

        try:
            yield report
        except KeyboardInterrupt:
            click.echo("\nStopped; finished runs are kept, and the same command goes on with the others.", err=True)
            raise click.exceptions.Exit(130) from None


def chosen_levels(ctx: click.Context, parameter: click.Parameter, value: str) -> tuple[str, ...]:
    """The levels named, separated by commas, from the lightest on; for an option's callback."""
    wanted = tuple(dict.fromkeys(part.strip() for part in value.split(",") if part.strip()))
    unknown = [level for level in wanted if level not in EVERY_LEVEL]
    if unknown or not wanted:
        raise click.BadParameter(f"'{', '.join(unknown)}' is no level; give some of {','.join(EVERY_LEVEL)}")
    return tuple(level for level in EVERY_LEVEL if level in wanted)
