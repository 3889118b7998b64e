"""Names that every language takes: letters, digits and ``_``, none of them a word of the language."""

from __future__ import annotations

from collections.abc import Collection, Iterable


def identifiers(names: Iterable[str], reserved: Collection[str] = ()) -> dict[str, str]:
    """A distinct identifier for each name, in order: ``'`` becomes ``_p``, ``*`` becomes ``_c``, clashes get ``_``.

    >>> identifiers(["X'", "X", "at"], reserved=("at",))
    {"X'": 'X_p', 'X': 'X', 'at': 'at_'}
    """
    names = tuple(names)
    taken = {n for n in names if n.isidentifier() and n not in reserved}
    chosen: dict[str, str] = {}
    for name in names:
        word = name
        if name not in taken:
            word = "".join(c if c.isalnum() or c == "_" else {"'": "_p", "*": "_c"}.get(c, "_") for c in name)
            if not word.isidentifier() and word not in reserved:
                word = f"_{word}"
            while word in taken or word in reserved:
                word += "_"
            taken.add(word)
        chosen[name] = word
    return chosen
