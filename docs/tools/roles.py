"""Docstrings as Markdown: the roles and literal blocks of reStructuredText in them are rewritten.

In: what Griffe has read of the packages. Out: the same with ``:class:`Network``` as code, and ``::`` as a colon.
"""

from __future__ import annotations

import re
from typing import Any

import griffe

ROLE = re.compile(r":(?:class|func|mod|data|attr|meth|obj):`~?([^`]+)`")
LITERAL = re.compile(r" ?::$", re.MULTILINE)


def markdown(text: str) -> str:
    """The text of a docstring, without roles and with literal blocks that Markdown knows by their indentation."""
    return LITERAL.sub(":", ROLE.sub(r"`\1`", text))


class Roles(griffe.Extension):
    """Rewrites every docstring of a package once it is loaded."""

    def on_package(self, *, pkg: griffe.Module, **_: Any) -> None:
        """Griffe calls this for each package."""
        self._rewrite(pkg)

    def _rewrite(self, found: griffe.Object) -> None:
        if found.docstring is not None:
            found.docstring.value = markdown(found.docstring.value)
        for member in found.members.values():
            if not member.is_alias:
                self._rewrite(member)  # type: ignore[arg-type]
