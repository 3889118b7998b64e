"""The grammars of the formats page describe what the parsers take.

Texts are derived at random from the EBNF as the page shows it. A parser may refuse one for what it means (a stage that
is not listed, a unit in a unitless network), never for how it is written.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compiler.grammar import parse
from compiler.symbols import symbols
from dsd.errors import TextError
from dsd.kernel import parse_kernel
from dsd.syntax import parse_crn

TOOLS = Path(__file__).parents[2] / "docs" / "tools"
TOKEN = re.compile(r'\s*("[^"]*"|\w+|[={}()\[\]|;])')
PROSE = {"comment": "", "string": '"two words"', "rest": "some text: 1", "letter": "", "digit": "", "closing": ")"}
"""What stands for the productions that are told in words, or that only a context makes right."""

LEXICAL = {"name", "word", "sign", "number", "power", "domain", "opening", "coefficient", "whole"}
"""Productions within which no blank may stand."""

Rules = Mapping[str, list[str]]


def rules(module: str) -> Rules:
    """Productions of a module's grammar as tokens, notes left out: they stand behind three blanks or more."""
    sys.path.insert(0, str(TOOLS))
    try:
        text: str = import_module("hooks").grammar_of(module)
    finally:
        sys.path.remove(str(TOOLS))
    lines = [re.sub(r"^(\w+) +=", r"\1 =", line.strip()) for line in text.split("\n") if not line.startswith(" " * 40)]
    found: dict[str, list[str]] = {}
    name = ""
    for token in TOKEN.findall(" ".join(re.split(r" {3,}", line)[0] for line in lines)):
        if not name:
            name = token
            found[name] = []
        elif token == ";":
            name = ""
        elif not (token == "=" and not found[name]):
            found[name].append(token)
    return found


def tree(tokens: list[str]) -> list[list[Any]]:
    """Alternatives, each a list of words and of pairs (opening bracket, alternatives); takes tokens off the list."""
    alternatives: list[list[Any]] = [[]]
    while tokens and tokens[0] not in (")", "]", "}"):
        token = tokens.pop(0)
        if token == "|":
            alternatives.append([])
        elif token in ("(", "[", "{"):
            alternatives[-1].append((token, tree(tokens)))
            assert tokens.pop(0) == {"(": ")", "[": "]", "{": "}"}[token]
        else:
            alternatives[-1].append(token)
    return alternatives


class Derivation:
    """Writes texts of productions at random; deep down it takes first alternatives and leaves out what it may."""

    def __init__(self, found: Rules, random: Random) -> None:
        self.rules, self.random, self.depth = {name: tree(list(ts)) for name, ts in found.items()}, random, 0

    def of(self, name: str) -> str:
        """A text of a production."""
        if name in ("letter", "digit"):
            return self.random.choice("ABxyz" if name == "letter" else "0123456789")
        if name in PROSE:
            return PROSE[name]
        self.depth += 1
        parts = self.one(self.rules[name])
        self.depth -= 1
        return ("" if name in LEXICAL else " ").join(part for part in parts if part)

    def one(self, alternatives: list[list[Any]]) -> list[str]:
        """The parts of one of the alternatives."""
        parts = []
        for item in alternatives[0] if self.depth > 8 else self.random.choice(alternatives):
            if isinstance(item, tuple):
                most = {"(": 1, "[": 1, "{": 2}[item[0]] if self.depth <= 8 or item[0] == "(" else 0
                times = most if item[0] == "(" else self.random.randint(0, most)
                parts += [part for _ in range(times) for part in self.one(item[1])]
            else:
                parts.append(item[1:-1] if item.startswith('"') else self.of(item))
        return parts


def complaint(read: Callable[[str], object], text: str) -> str:
    """What a parser says against a text; nothing if it takes it."""
    try:
        read(text)
    except TextError as error:
        return error.fact
    return ""


CRN, KERNEL, DYNAMICS = (rules(module) for module in ("dsd.syntax", "dsd.kernel", "compiler.grammar"))
MEANT = re.compile(
    r"twice|unknown species|not in @stages|unit|is no rate|no bracket has|only one direction|expected stage = or"
    r"|too late|too large|level|negative|already"
)
"""What a parser of reaction networks may say about a text that is written well."""


@given(random=st.randoms(use_true_random=False))
@settings(max_examples=200, deadline=None)
def test_reaction_networks_are_read_as_their_grammar_says(random: Random) -> None:
    text = Derivation(CRN, random).of("statement")
    said = complaint(parse_crn, text)
    assert not said or MEANT.search(said), f"{text}: {said}"


@given(random=st.randoms(use_true_random=False))
@settings(max_examples=200, deadline=None)
def test_kernel_notation_is_read_as_its_grammar_says(random: Random) -> None:
    text = Derivation(KERNEL, random).of("structure")
    assert complaint(parse_kernel, text) in ("", "a strand has no domains"), text


@given(random=st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_dynamics_are_read_as_their_grammar_says(random: Random) -> None:
    text = Derivation(DYNAMICS, random).of("dynamics")
    said = complaint(lambda written: parse(written, symbols(2)), text)
    assert not said or re.search(r"degree|expand|characters|division|nested", said), f"{text}: {said}"


@pytest.mark.parametrize("found", [CRN, KERNEL, DYNAMICS])
def test_every_production_is_defined(found: Rules) -> None:
    used = {token for tokens in found.values() for token in tokens if re.fullmatch(r"\w+", token)}
    told = {"letter", "digit", "comment", "a", "JSON", "the", "of", "line"}
    assert used <= set(found) | told
