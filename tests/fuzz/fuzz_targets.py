"""What is fuzzed: for each text format, what must hold of any text whatever.

In: the name of a target and a text. Out: whether the text was accepted. A text is either refused by an
:class:`~dsd.errors.StrandgradError`, or read, and then what is printed of it reads back as the same. Anything else is
a finding: another exception, more than ``SECONDS`` of time, more than a gigabyte of memory.
"""

from __future__ import annotations

import math
import resource
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TypeVar

from compiler.design import parse_design
from compiler.dynamics import dynamics
from compiler.polynomial import Order
from compiler.schema import DesignFile
from dsd.errors import StrandgradError
from dsd.kernel import parse_kernel, print_kernel
from dsd.pil import parse_pil, print_pil
from dsd.syntax import parse_crn, print_crn

SECONDS = 10.0
GIGABYTE = 2**30
HERE = Path(__file__).parent
T = TypeVar("T")


class HangError(Exception):
    """A text was still being read after ``SECONDS``."""


def round_trip(text: str, parse: Callable[[str], T], show: Callable[[T], str]) -> None:
    """What is read is read the same from its print, which prints the same."""
    found = parse(text)
    printed = show(found)
    again = parse(printed)
    assert again == found
    assert show(again) == printed


def crn(text: str) -> None:
    """A network prints to text that reads as the same network, and prints the same."""
    round_trip(text, parse_crn, print_crn)


def kernel(text: str) -> None:
    """A structure prints to a line that reads as the same structure."""
    structure = parse_kernel(text)
    assert parse_kernel(print_kernel(structure)) == structure


def pil(text: str) -> None:
    """A system prints to text that reads as the same system."""
    round_trip(text, parse_pil, print_pil)


def design(text: str) -> None:
    """The keys of a design, as JSON, are those of the same design."""
    found = parse_design(text, HERE / "data" / "design.toml")
    assert DesignFile.model_validate(found.file.model_dump(mode="json", exclude_unset=True)) == found.file
    assert len(found.digest) == 64


def formula(text: str) -> None:
    """Dynamics keep a text that reads as the same polynomials, whose coefficients are floats."""
    found = dynamics(text, 2)
    assert dynamics(found.text, 2).f == found.f
    order = Order(found.order)
    assert all(math.isfinite(m.coefficient) and m.coefficient for f in found.f for m in order.monomials(f))


TARGETS: Mapping[str, Callable[[str], None]] = {
    "crn": crn, "kernel": kernel, "pil": pil, "design": design, "dynamics": formula,
}  # fmt: skip


def accepted(target: str, text: str) -> bool:
    """Whether the text can be read; raises whatever is a finding."""
    with _alarm():
        try:
            TARGETS[target](text)
        except StrandgradError as error:
            if not str(error).strip():
                raise AssertionError("an error says nothing") from error
            return False
    return True


def limit_memory() -> None:
    """Let this process have a gigabyte more than it has now; beyond that, memory errors."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * resource.getpagesize() + GIGABYTE
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


@contextmanager
def _alarm() -> Iterator[None]:
    def ring(number: int, frame: FrameType | None) -> None:
        raise HangError(f"not read after {SECONDS:g} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
