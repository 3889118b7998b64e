"""Every command that README.md and the pages of docs/ give: that it parses, and that it runs.

Commands of a page run one after the other in one folder, as a reader would run them. What takes minutes is shortened by
:data:`SHORTER`; everything else runs as it stands.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from compiler.cli import COMMANDS, cli

ROOT = Path(__file__).parents[2]
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
RUN = [page for page in PAGES if page.name != "README.md"] + [ROOT / "README.md"]

SHORTER = {
    "bench paper": "bench paper --quick --designs linreg2d-minimal --seeds 1",
    "bench survival": "bench survival --designs linreg2d-minimal --levels formal,clocked --iterations 5 --tests 3",
    "clock limit-cycle --level dsd --cycles 300": "clock limit-cycle --level dsd --cycles 12",
    "compare flowers": "compare flowers --levels formal,clocked --epochs 1",
    "compare linreg2d": "compare linreg2d-minimal --levels reference,formal --epochs 1",
    "compare petals": "compare petals --levels formal,clocked --epochs 1",
    "compare tumours": "compare tumours --levels formal,clocked --epochs 1",
    "controls linreg2d": "controls linreg2d-minimal --iterations 4 --validation 3",
    "export linreg2d --all": "export linreg2d-minimal --format pil --format sbml --format graphml",
    "robustness linreg2d": "robustness tiny --faults concentration --seeds 1 --tests 3",
    "sequences flowers": "sequences join.pil --candidates 1",
    "sequences linreg2d-minimal": "sequences linreg2d-minimal --candidates 1",
    "sequences petals": "sequences petals --candidates 1",
    "sequences tumours": "sequences join.pil --candidates 1",
    "simulate pot-network.crn --until 1h --stochastic": "simulate pot-network.crn --until 1min --stochastic",
    "size petals --iterations 2": "size petals",
    "train cubic-xor --level dsd --reduced": "train tiny --level dsd --reduced --epochs 1",
    "train cubic-xor --level formal": "train cubic-xor --level formal --epochs 1",
    "train linreg2d --level dsd": "train tiny --level dsd",
    "verify linreg2d": "verify docs/examples/join.crn",
    "verify petals": "verify docs/examples/join.crn",
}
"""What replaces the beginning of a command that takes minutes; the rest of it is kept."""

TINY = "a,b,y\n" + "".join(f"{i},{i * i % 7},{2 * i}\n" for i in range(10))
PREPARED = (
    "new tiny --data tiny.csv --target y --kind regression",
    "compile docs/examples/join.crn --to dsd -o join.pil",
)
"""What shortened commands work on: a design of seven training rows, and one gate."""

FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.DOTALL | re.MULTILINE)
SPAN = re.compile(r"(?<!`)`([^`]+)`(?!`)")


def blocks(text: str) -> Iterator[list[str]]:
    """The words of every command in a fenced block of sh, or in an indented block; comments are left out."""
    lines = [line for kind, body in FENCE.findall(text) if kind == "sh" for line in body.splitlines()]
    lines += [line[4:] for line in FENCE.sub("", text).splitlines() if line.startswith("    strandgrad ")]
    for line in lines:
        words = shlex.split(line, comments=True)
        if words and words[0] == "strandgrad" and words[1].islower():
            yield words[1:]


def mentions(text: str) -> Iterator[list[str]]:
    """The words of every command that a sentence mentions; a span may go on in the next line."""
    for span in SPAN.findall(FENCE.sub("", text)):
        words = span.split()
        if words and words[0] == "strandgrad" and words[1:] and not words[1].isupper():
            yield words[1:]


def found(words: list[str]) -> tuple[click.Command, list[str]]:
    """The command that the first words name, and its own words."""
    command: click.Command = cli
    context = click.Context(cli)
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        inner = command.get_command(context, words[0])
        assert inner is not None, f"no command {words[0]}"
        command, words = inner, words[1:]
    return command, words


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_every_command_of_a_page_parses(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for words in blocks(text):
        command, rest = found(words)
        command.make_context(words[0], list(rest))
    for words in mentions(text):
        command, rest = found(words)
        known = {name for option in command.params for name in option.opts} | {"--help", "--version"}
        for word in rest:
            assert not word.startswith("-") or word in known, f"{page.name}: strandgrad {' '.join(words)} has no {word}"


def shortened(words: list[str]) -> list[str]:
    """The command as it is run here."""
    text = " ".join(words)
    begins = [long for long in SHORTER if text == long or text.startswith(f"{long} ")]
    longest = max(begins, key=len, default="")
    return shlex.split(SHORTER[longest] + text[len(longest) :]) if begins else words


@pytest.mark.parametrize("page", RUN, ids=lambda p: p.name)
def test_every_command_of_a_page_runs(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "designs").symlink_to(ROOT / "designs")
    (tmp_path / "docs").symlink_to(ROOT / "docs")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tiny.csv").write_text(TINY)
    for words in PREPARED:
        assert CliRunner().invoke(cli, words.split()).exit_code == 0
    for words in blocks(page.read_text(encoding="utf-8")):
        result = CliRunner().invoke(cli, shortened(words), prog_name="strandgrad")
        done = (0, 1) if words[0] in ("controls", "robustness") else (0,)
        assert result.exit_code in done, f"strandgrad {' '.join(shortened(words))}\n{result.output}"
    for picture in sorted((tmp_path / "pictures").glob("*.svg")):
        checked_in = ROOT / "docs" / "pictures" / picture.name
        assert picture.read_text() == checked_in.read_text(), f"{picture.name} is not what the command draws"


def test_every_picture_of_the_pages_is_drawn_by_a_command() -> None:
    drawn = {
        word.removeprefix("pictures/")
        for words in blocks((ROOT / "docs" / "lowering.md").read_text())
        for word in words
        if word.startswith("pictures/")
    }
    assert drawn == {path.name for path in (ROOT / "docs" / "pictures").iterdir()}


def test_every_shortened_command_is_given_somewhere() -> None:
    """A line of the table that nothing needs any more must go."""
    given = [" ".join(words) for page in PAGES for words in blocks(page.read_text(encoding="utf-8"))]
    assert not [long for long in SHORTER if not any(text.startswith(long) for text in given)]


def test_every_command_is_on_a_page() -> None:
    """The page of commands has them all; it is made from the same table."""
    assert "<!-- commands -->" in (ROOT / "docs" / "commands.md").read_text()
    assert set(COMMANDS) >= {words[0] for page in PAGES for words in blocks(page.read_text(encoding="utf-8"))}
