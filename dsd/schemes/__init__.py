"""Gate schemes, one short file a family; :data:`SCHEMES` lists the ways to build joins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dsd.domains import Duplex, Sequence
from dsd.errors import InputError
from dsd.schemes import irreversible, two_domain
from dsd.schemes.two_domain import Toehold


@dataclass(frozen=True, slots=True)
class Scheme:
    """How a scheme builds its join and helper, and whether releasing the translator is irreversible."""

    name: str
    join: Callable[[tuple[str, ...], str, str, Toehold], Duplex]
    helper: Callable[[str, str, Toehold], Sequence]
    irreversible: bool


SCHEMES = {
    s.name: s
    for s in (
        Scheme("two-domain-irreversible", irreversible.join, irreversible.helper, True),
        Scheme("two-domain", two_domain.join, two_domain.helper, False),
    )
}


def scheme(name: str) -> Scheme:
    """The scheme of that name; raises :class:`InputError` for an unknown one."""
    if name not in SCHEMES:
        raise InputError(f"no gate scheme '{name}'; choose one of {', '.join(SCHEMES)}")
    return SCHEMES[name]
