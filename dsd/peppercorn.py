"""The field's own tools, wrapped: Peppercorn enumerates complexes, crnverifier checks CRN bisimulation.

In: structures and domains. Out: condensed reactions between structures in canonical rotation. Both are cross-checks of
:mod:`dsd.expand` and :mod:`dsd.bisimulation`, never a part of a simulation.

Badelt et al., "A domain-level DNA strand displacement reaction enumerator allowing arbitrary non-pseudoknotted
secondary structures", J. R. Soc. Interface 17:20190866 (2020). Remote toeholds are rejected, as the gates assume, and
opening is fast up to the longest toehold, so all single-complex steps are fast and condensed away.
"""

from __future__ import annotations

import logging
import random
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from dsd.domains import Domain
from dsd.errors import InputError, StrandgradError
from dsd.kernel import Structure, parse_kernel
from dsd.network import Reaction, describe
from dsd.optional import optional
from dsd.rotation import canonical, order

MAX_STRANDS = 40
"""Strands in one complex; beyond it Peppercorn drops reactions, which is an error here."""


@dataclass(frozen=True, slots=True)
class Condensed:
    """A reaction between resting complexes, sorted, at ``rate`` (/M/s for two reactants, /s for one)."""

    reactants: tuple[Structure, ...]
    products: tuple[Structure, ...]
    rate: float


def enumerate_structures(structures: Iterable[Structure], domains: Iterable[Domain]) -> tuple[Condensed, ...]:
    """Every condensed reaction that the given complexes span, sorted.

    Raises :class:`InputError` where Peppercorn is not installed or a toehold is as long as a long domain, and
    :class:`StrandgradError` where Peppercorn warns, since a network cut off at a limit would verify the wrong thing.
    """
    domains = tuple(domains)
    toehold = max((d.length for d in domains if d.toehold), default=0)
    long = min((d.length for d in domains if not d.toehold), default=toehold + 1)
    if toehold >= long:
        raise InputError(f"a toehold of {toehold} nt is no shorter than a domain of {long} nt; shorten it")
    distinct = sorted({canonical(s) for s in structures}, key=order)
    objects, enumerator = _modules("peppercornenumerator.objects", "peppercornenumerator.enumerator")
    with _strict("peppercornenumerator", "dsdobjects"), _fresh(objects):
        return _run(objects, enumerator, distinct, {d.name: d.length for d in domains}, toehold)


def require() -> None:
    """Raise :class:`InputError`, which says what to install, where Peppercorn or crnverifier is missing."""
    _modules("peppercornenumerator.objects", "peppercornenumerator.enumerator", "crnverifier")


def crnverifier_bisimulation(
    formal: Iterable[Reaction], implementation: Iterable[Reaction], interpretation: Mapping[str, tuple[str, ...]]
) -> bool:
    """Whether ``interpretation``, which must list every species of ``implementation``, is a CRN bisimulation.

    crnverifier 0.3 searches when the interpretation is incomplete, and its search is random and can miss. A meaning
    outside the formal species is none.
    """
    formal, implementation = tuple(formal), tuple(implementation)
    for r in implementation:
        missing = [x for x in r.species if x not in interpretation]
        if missing:
            raise InputError(f"{describe(r)} holds {', '.join(missing)} without interpretation; list every species")
    (verifier,) = _modules("crnverifier")
    used = {x for r in implementation for x in r.species}
    formals = {x for r in formal for x in r.species}
    if any(f not in formals for x in used for f in interpretation[x]):
        return False
    changed = [r for r in implementation if sorted(r.reactants) != sorted(r.products)]
    holds, _ = verifier.crn_bisimulation_test(
        [[list(r.reactants), list(r.products)] for r in formal],
        [[list(r.reactants), list(r.products)] for r in changed],
        formals=formals,
        interpretation={x: list(interpretation[x]) for x in sorted(used)},
    )
    return bool(holds)


TRIES = 5
"""Orders of the reactions in which an interpretation is searched for; the search depends on it."""


def search_bisimulation(
    formal: Iterable[Reaction], implementation: Iterable[Reaction], given: Mapping[str, tuple[str, ...]], seed: int = 0
) -> dict[str, tuple[str, ...]] | None:
    """An interpretation that agrees with ``given`` and is a CRN bisimulation, or None if :data:`TRIES` tries find none.

    None is no proof that there is none: the search is random and can miss.
    """
    formal, rows = tuple(formal), [r for r in implementation if sorted(r.reactants) != sorted(r.products)]
    (verifier,) = _modules("crnverifier")
    used = {x for r in rows for x in r.species}
    for turn in range(TRIES):
        random.Random(seed + turn).shuffle(rows)
        holds, found = verifier.crn_bisimulation_test(
            [[list(r.reactants), list(r.products)] for r in formal],
            [[list(r.reactants), list(r.products)] for r in rows],
            formals={x for r in formal for x in r.species},
            interpretation={x: list(given[x]) for x in sorted(used) if x in given},
        )
        if holds:
            return {x: tuple(sorted(found.get(x, ()))) for x in sorted(used)}
    return None


def _run(
    objects: Any, enumerator: Any, structures: list[Structure], lengths: dict[str, int], toehold: int
) -> tuple[Condensed, ...]:
    # Numbered names, since the user's could clash with what Peppercorn reserves or invents.
    number = {name: f"d{i}" for i, name in enumerate(lengths)}
    back = {v: k for k, v in number.items()}
    known = {number[name]: objects.PepperDomain(number[name], length=nt) for name, nt in lengths.items()}
    domain = known | {f"{name}*": ~d for name, d in known.items()}
    complexes = [objects.PepperComplex(*_spelled(s, number, domain), name=f"c{i}") for i, s in enumerate(structures)]
    run = enumerator.Enumerator(complexes)
    run.max_complex_size, run.reject_remote, run.release_cutoff = MAX_STRANDS, True, toehold + 1
    try:
        run.enumerate()
        run.condense()
    except enumerator.PolymerizationError as error:
        raise StrandgradError(f"Peppercorn did not finish: {error} Enumerate one gate shape at a time") from error
    found = [
        Condensed(_resting(r.reactants, back), _resting(r.products, back), float(r.rate_constant[0]))
        for r in run.condensed_reactions
    ]
    return tuple(sorted(found, key=lambda c: ([order(s) for s in c.reactants], [order(s) for s in c.products])))


def _spelled(s: Structure, number: dict[str, str], domain: Mapping[str, Any]) -> tuple[list[Any], list[str]]:
    """Domain objects and dot-bracket signs, with ``+`` between strands."""
    sequence: list[Any] = []
    signs: list[str] = []
    at = 0
    for strand in s.strands:
        if at:
            sequence.append("+")
            signs.append("+")
        for name in strand:
            star = "*" if name.endswith("*") else ""
            sequence.append(domain[number[name.rstrip("*")] + star])
            partner = s.pairs[at]
            signs.append("." if partner < 0 else "(" if partner > at else ")")
            at += 1
    return sequence, signs


def _resting(macrostates: Iterable[Any], back: dict[str, str]) -> tuple[Structure, ...]:
    """The structures of resting macrostates, sorted; one of several complexes has no single structure."""
    found = []
    for state in macrostates:
        complexes = list(state.complexes)
        if len(complexes) != 1:
            kernels = ", ".join(sorted(c.kernel_string for c in complexes))
            raise StrandgradError(f"a resting state moves between {kernels}; give it gates with one resting structure")
        structure = parse_kernel(complexes[0].kernel_string)
        strands = tuple(
            tuple(back[d.rstrip("*")] + ("*" if d.endswith("*") else "") for d in strand)
            for strand in structure.strands
        )
        found.append(canonical(Structure(strands, structure.pairs)))
    return tuple(sorted(found, key=order))


def _modules(*names: str) -> tuple[Any, ...]:
    """The named modules; raises :class:`InputError` with the remedy where one is not installed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # their pyparsing calls are of an older style
        return tuple(optional(name, "verify") for name in names)


@contextmanager
def _fresh(objects: Any) -> Iterator[None]:
    """Peppercorn's objects are global by name: empty its registries before and after."""
    objects.clear_memory()
    try:
        yield
    finally:
        objects.clear_memory()


class _Warnings(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        if "singleton" not in message:  # clear_memory says so whenever it has something to clear
            self.messages.append(message)


@contextmanager
def _strict(*loggers: str) -> Iterator[None]:
    """Any warning these loggers give inside is an error."""
    handler = _Warnings()
    for name in loggers:
        logging.getLogger(name).addHandler(handler)
    try:
        yield
    finally:
        for name in loggers:
            logging.getLogger(name).removeHandler(handler)
    if handler.messages:
        raise StrandgradError(f"Peppercorn warns, so its network is not complete: {handler.messages[0]}")
