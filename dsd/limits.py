"""How large texts and networks may be. What is larger is refused in a sentence, before it takes the machine's memory.

The limits lie far above anything a laboratory could make; they are there for files that are broken, or are meant to
break something. Only readers of files ask for them: networks that are built in Python are as large as they are.
"""

from __future__ import annotations

from dsd.errors import InputError

MAX_TEXT = 8 * 2**20
"""Characters in the text of a network or system."""

MAX_FILE = 64 * 2**20
"""Bytes in a file that is read as text."""

MAX_NAME = 1000
"""Characters in the name of a species, domain, strand or complex."""

MAX_STATEMENTS = 200_000
"""Species, reactions, doses and comments of one text together; the largest shipped design has some thousands."""

MAX_MOLECULES = 100
"""Molecules on one side of a reaction (already three reactants hardly ever meet), species of a threshold, stages."""

MAX_KERNEL = 100_000
"""Characters of one structure in kernel notation."""

MAX_LENGTH_NT = 10_000
"""Nucleotides in a domain; synthesis ends at some hundreds."""


def check_text(text: str, source: str) -> None:
    """Raise :class:`InputError` for a text longer than ``MAX_TEXT``."""
    if len(text) > MAX_TEXT:
        raise InputError(f"{source} has {len(text)} characters, more than {MAX_TEXT}; split the network up")
