"""What a laboratory orders and pipettes, among the exports (:mod:`dsd.orders`): FASTA, order sheets, mixing protocol.

In: a :class:`~dsd.export.formats.Subject` with sequences, a volume and the concentration of its stocks; the prices are
those of the shipped table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsd.orders import protocol_text, sheets
from dsd.orders.lines import Line, needs, order
from dsd.orders.prices import default_prices
from dsd.orders.protocol import Protocol, protocol

if TYPE_CHECKING:
    from dsd.export.formats import Subject


def fasta(subject: Subject) -> str:
    """Every strand to synthesise, 5' to 3'."""
    return sheets.fasta(_lines(subject))


def bulk(subject: Subject) -> str:
    """The same as CSV, with scale, purification and price."""
    return sheets.bulk(_lines(subject))


def plates(subject: Subject) -> bytes:
    """The same as plates, an xlsx workbook."""
    return sheets.plates(_lines(subject))


def page(subject: Subject) -> str:
    """The mixing protocol as Markdown."""
    return protocol_text.markdown(_protocol(subject), subject.name)


def table(subject: Subject) -> str:
    """The mixing protocol as CSV."""
    return protocol_text.table(_protocol(subject))


def _lines(subject: Subject) -> tuple[Line, ...]:
    assert subject.system is not None
    assert subject.sequences is not None
    return order(subject.system, subject.sequences, default_prices(), needs(subject.system, subject.volume_uL))


def _protocol(subject: Subject) -> Protocol:
    assert subject.system is not None
    return protocol(subject.system, subject.volume_uL, subject.stock_uM, subject.doses)
