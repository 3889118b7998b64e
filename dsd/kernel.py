"""Kernel notation: strands and secondary structures as one line of nested parentheses.

``x1( t( + ) ) t*`` is the strand ``x1 t`` bound to ``t* x1* t*`` with the last toehold open: a domain followed by
``(`` pairs with the ``)`` that closes it, ``+`` separates strands, each written 5' to 3'. The closing side may carry
its domain, ``t*)``. This is the notation of the ``.pil`` files of Peppercorn and Nuskell.

Grammar (blanks are free between tokens, of which ``t(`` and ``t*)`` are one each; no strand may be empty)::

    structure = element { element } ;
    element   = domain | "+" | opening [ structure ] ( ")" | closing ) ;
    opening   = domain "(" ;
    closing   = domain ")" ;                         the complement of the domain that was opened
    domain    = ( letter | "_" ) { letter | digit | "_" } [ "*" ] ;
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from dsd.domains import Duplex, Sequence, Top, complement
from dsd.errors import TextError
from dsd.limits import MAX_KERNEL

_TOKEN = re.compile(r"\s*(?:(?P<domain>[A-Za-z_][A-Za-z0-9_]*\*?)(?P<side>[()]?)|(?P<close>\))|(?P<nick>\+))")


@dataclass(frozen=True, slots=True)
class Structure:
    """A complex: its strands and, for every domain in reading order, the index of its partner or -1.

    ``pairs`` counts domains through all strands; strand breaks take no index.
    """

    strands: tuple[Sequence, ...]
    pairs: tuple[int, ...]


def parse_kernel(text: str, source: str = "<text>", line: int = 1, column: int = 1) -> Structure:
    """Read kernel notation; ``column`` is where ``text`` begins in its line. Raises :class:`TextError`."""
    strands: list[list[str]] = [[]]
    pairs: list[int] = []
    domains: list[str] = []
    opened: list[tuple[int, int]] = []

    def fail(at: int, fact: str, remedy: str) -> TextError:
        return TextError(source, line, column + at, " " * (column - 1) + text, fact, remedy)

    if len(text) > MAX_KERNEL:
        raise fail(0, f"the structure takes {len(text)} characters", f"write at most {MAX_KERNEL}")
    for at, domain, side in _tokens(text, fail):
        if side == "+":
            if not strands[-1]:
                raise fail(at, "a strand has no domains", "write the domains of each strand between the +")
            strands.append([])
            continue
        partner = -1
        if side == ")":
            if not opened:
                raise fail(at, "this ) closes nothing", "open the domain it pairs with by ( first")
            partner, _ = opened.pop()
            expected = complement((domains[partner],))[0]
            if domain not in ("", expected):
                raise fail(at, f"{domain} cannot close {domains[partner]}", f"write {expected}) or just )")
            domain = expected
            pairs[partner] = len(domains)
        elif side == "(":
            opened.append((len(domains), at))
        strands[-1].append(domain)
        domains.append(domain)
        pairs.append(partner)
    if opened:
        raise fail(opened[-1][1], f"{domains[opened[-1][0]]}( is never closed", "add the ) of its partner")
    if not strands[-1]:
        raise fail(max(len(text) - 1, 0), "a strand has no domains", "write at least one domain")
    return Structure(tuple(tuple(s) for s in strands), tuple(pairs))


def _tokens(text: str, fail: Callable[[int, str, str], TextError]) -> Iterator[tuple[int, str, str]]:
    """Pairs of domain and ``(``, ``)``, ``+`` or nothing, each with its position."""
    end = len(text.rstrip())
    at = 0
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None:
            at += len(text[at:]) - len(text[at:].lstrip())
            fact, remedy = f"'{text[at]}' is not kernel notation", "use domain names, (, ), * and +"
            raise fail(at, fact, remedy)
        start = match.start(match.lastgroup or 0)
        if match["domain"]:
            yield match.start("domain"), match["domain"], match["side"]
        else:
            yield start, "", match["close"] or match["nick"]
        at = match.end()


def print_kernel(structure: Structure) -> str:
    """The line that :func:`parse_kernel` reads back; closing sides are bare parentheses."""
    words, at = [], 0
    for strand in structure.strands:
        if at:
            words.append("+")
        for domain in strand:
            partner = structure.pairs[at]
            words.append(domain if partner < 0 else f"{domain}(" if partner > at else ")")
            at += 1
    return " ".join(words)


def from_duplex(duplex: Duplex) -> Structure:
    """The structure of a duplex: top strands from left to right, then the bottom strand."""
    strands = duplex.strands
    covered = [p for top in duplex.tops for p in range(top.offset, top.end)]
    total = len(covered) + len(duplex.bottom)
    pairs = [-1] * total
    for index, position in enumerate(covered):
        partner = total - 1 - position
        pairs[index], pairs[partner] = partner, index
    return Structure(strands, tuple(pairs))


def to_duplex(structure: Structure) -> Duplex | None:
    """The duplex a structure is, its bottom strand last; None for any other shape."""
    *tops, last = structure.strands
    bottom = complement(last)
    total = len(structure.pairs)
    placed, at = [], 0
    for domains in tops:
        offset = total - 1 - structure.pairs[at]
        placed.append(Top(offset, domains))
        at += len(domains)
    duplex = Duplex(bottom, tuple(placed))
    return duplex if tops and from_duplex(duplex) == structure else None


def strand_structure(domains: Sequence) -> Structure:
    """A free single strand."""
    return Structure((domains,), (-1,) * len(domains))
