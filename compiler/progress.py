"""Progress bars on stderr; silent when stderr is not a terminal, so that logs and pipes stay clean."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

Update = Callable[[int, int], None]
"""``update(done, total)``; a total of 0 means that nobody knows yet."""


@contextmanager
def bars() -> Iterator[Callable[[str], Update]]:
    """Yield ``task(label)``, which adds a bar and returns the function that moves it. Bars vanish at the end."""
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda label: _silent
        return
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as display:

        def task(label: str) -> Update:
            number = display.add_task(label, total=None)
            return lambda done, total: display.update(number, completed=done, total=total or None)

        yield task


@contextmanager
def waiting(label: str) -> Iterator[None]:
    """A spinner with a label, for work that cannot say how far it is."""
    from rich.console import Console

    console = Console(stderr=True)
    if console.is_terminal:
        with console.status(label):
            yield
    else:
        yield


def _silent(done: int, total: int) -> None:
    """Progress that nobody watches."""
