"""Progress bars on stderr; silent when stderr is not a terminal, so that logs and pipes stay clean."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

Update = Callable[[float, float], None]
"""``update(done, total)`` of whatever the work is counted in."""


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
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as display:

        def task(label: str) -> Update:
            number = display.add_task(label, total=None)
            return lambda done, total: display.update(number, completed=done, total=total)

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


def _silent(done: float, total: float) -> None:
    """Progress that nobody watches."""
