"""Reads a reaction of `.crn` text: ``A + 2 B <=> C [kf = 1, kr = 2 /s, stage = N1]``.

In: a cursor at its start. Out: one :class:`Reaction` in the draft, or two for ``<=>``.
"""

from __future__ import annotations

import re

from dsd.crn_draft import Draft, scaled
from dsd.lexer import NAME, Cursor, did_you_mean
from dsd.limits import MAX_MOLECULES
from dsd.network import Reaction
from dsd.quantities import rate_scale

MAX_COEFFICIENT = 10
"""Larger coefficients are refused: no such reaction exists, and they would be spelt out in memory."""

FORM = "write reactions as A + 2 B -> C [k = 1]"

_TERM = re.compile(r"([0-9]*)[ \t]*([A-Za-z_][A-Za-z0-9_']*)")
_ARROW = re.compile(r"->|<=>")
_WRONG_ARROW = re.compile(r"[-=<>\u2190-\u21ff]+")
_RATE_UNIT = re.compile("[A-Za-z\u00b5\u03bc/^][A-Za-z0-9\u00b5\u03bc/^ \t]*")
_RATE_KEY = {"k": "k", "kf": "kf", "fw": "kf", "kr": "kr", "bw": "kr", "rv": "kr", "stage": "stage"}


def reaction(c: Cursor, draft: Draft) -> None:
    """Read one reaction, up to the end of its bracket."""
    reactants = _side(c)
    at = c.mark()
    arrow = c.take(_ARROW)
    if not arrow:
        wrong = c.take(_WRONG_ARROW)
        if wrong:
            raise c.error(f"{wrong} is no arrow", "write -> for one direction, <=> for both", at)
        if c.done or c.text[c.pos] in ";#[":
            raise c.error("this reaction has no arrow", FORM, at)
        raise c.error(f"expected an arrow or + but found {c.found()}", FORM, at)
    products = _side(c)
    both = arrow == "<=>"
    rates, stage = _brackets(c, draft, both, (len(reactants), len(products)))
    draft.reactions.append(Reaction(reactants, products, rates[0], stage))
    if both:
        draft.reactions.append(Reaction(products, reactants, rates[1], stage))


def _side(c: Cursor) -> tuple[str, ...]:
    at = c.mark()
    term = c.match(_TERM)
    if term is None:
        if c.done or c.text[at] in "-<=>[;#" or _WRONG_ARROW.match(c.text, at):
            return ()
        if c.text[at] in "0∅":
            raise c.error(f"{c.found()} is not a species", "leave the side empty, as in A ->", at)
        raise c.error(f"{c.found()} is not a species", "a name has letters, digits, _ and ', and starts with a letter")
    names: list[str] = []
    while term is not None:
        digits, name = term.groups()
        if digits and not (len(digits) <= 2 and 1 <= int(digits) <= MAX_COEFFICIENT):
            remedy = f"a coefficient is a whole number from 1 to {MAX_COEFFICIENT}"
            raise c.error(f"{digits} {name} has the coefficient {digits}", remedy, term.start())
        names += [name] * int(digits or 1)
        if len(names) > MAX_MOLECULES:
            remedy = f"write at most {MAX_MOLECULES}; no more molecules meet"
            raise c.error(f"this side has more than {MAX_MOLECULES} molecules", remedy, term.start())
        if not c.symbol("+"):
            return tuple(names)
        term = c.match(_TERM)
    raise c.error(f"expected a species after + but found {c.found()}", FORM)


def _brackets(c: Cursor, draft: Draft, both: bool, orders: tuple[int, int]) -> tuple[tuple[float, float], str]:
    """``[k = 1, stage = N1]``: the rates forwards and backwards, 1 unless given, and the stage."""
    keys = ("kf", "kr") if both else ("k",)
    rates: dict[str, float] = {}
    stage: str | None = None
    if not c.symbol("["):
        return (1.0, 1.0), ""
    start = c.pos - 1
    while True:
        at = c.mark()
        key = _key(c, keys, len(rates))
        if key in rates or (key == "stage" and stage is not None):
            raise c.error(f"{key} is given twice", "give it once", at)
        if key == "stage":
            stage = _stage(c, draft)
        else:
            rates[key] = _rate(c, draft, orders[keys.index(key)])
        if c.symbol("]"):
            break
        if not c.symbol(","):
            raise c.error(f"expected , or ] but found {c.found()}", "separate the entries with commas and close with ]")
    if both and len(rates) == 1:
        raise c.error("only one direction has a rate", "write [kf = 1, kr = 2]", start)
    forward, backward = keys[0], keys[-1]
    return (rates.get(forward, 1.0), rates.get(backward, 1.0)), stage or ""


def _key(c: Cursor, keys: tuple[str, ...], position: int) -> str:
    """The key of a bracket entry; a bare number has the key of its position."""
    at = c.mark()
    text = c.take(NAME)
    if not text or text in ("nan", "inf"):
        c.pos = at
        if position >= len(keys):
            raise c.error(f"expected stage = or ] but found {c.found()}", "write [k = 1, stage = N1]")
        return keys[position]
    key = _RATE_KEY.get(text)
    if key is None:
        expected = ", ".join((*keys, "stage"))
        raise c.error(f"no bracket has the key {text}", did_you_mean(text, _RATE_KEY, f"the keys are {expected}"), at)
    if key != "stage" and key not in keys:
        arrow, form = ("<=>", "[kf = 1, kr = 2]") if len(keys) == 2 else ("->", "[k = 1]")
        raise c.error(f"{text} is no rate of a reaction with {arrow}", f"write {form}", at)
    c.expect("=", f"write {text} = and its value")
    return key


def _stage(c: Cursor, draft: Draft) -> str:
    at = c.mark()
    stage = c.word("write stage = N1")
    if draft.stages is not None and stage not in draft.stages:
        remedy = did_you_mean(stage, draft.stages, f"add it to @stages, which has {', '.join(draft.stages)}")
        raise c.error(f"the stage {stage} is not in @stages", remedy, at)
    return stage


def _rate(c: Cursor, draft: Draft, order: int) -> float:
    value, at = c.number("a rate"), c.mark()
    if unit := c.take(_RATE_UNIT).strip():
        return scaled(c, at, value, lambda: rate_scale(unit, order, draft.own_units))
    return value
