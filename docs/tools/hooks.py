"""What the pages of the site take from the code when they are built, so that it cannot drift.

In: the Markdown of a page with marks such as ``<!-- grammar dsd.kernel -->``. Out: the same with each mark replaced by
what its function in :data:`MARKS` makes of its words.
"""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from inspect import getdoc
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from constants import tables as constants

MARK = re.compile(r"^<!-- (\w+)((?: [\w.:-]+)*) -->$", re.MULTILINE)


def on_page_markdown(markdown: str, **_: Any) -> str:
    """MkDocs calls this for every page."""
    return filled(markdown)


def filled(markdown: str) -> str:
    """The text with its marks replaced; raises KeyError for a mark that does not exist."""
    return MARK.sub(lambda m: MARKS[m[1]](*m[2].split()), markdown)


def grammar(module: str) -> str:
    """The grammar in a module's docstring, as a block of EBNF."""
    return f"```ebnf\n{grammar_of(module)}\n```"


def grammar_of(module: str) -> str:
    """The indented lines behind the sentence of a module's docstring that begins with Grammar."""
    doc = getdoc(import_module(module)) or ""
    behind = doc[doc.index("\nGrammar") :].split("::\n\n", 1)[1]
    lines = behind.split("\n")
    end = next((i for i, line in enumerate(lines) if line and not line.startswith("    ")), len(lines))
    return "\n".join(line[4:] for line in lines[:end]).rstrip()


def section(module: str, name: str) -> str:
    """What a class says about itself, and its keys with their defaults."""
    found = getattr(import_module(module), name)
    from roles import markdown

    rows = [f"| `{key}` | {_type(field)} | {_default(field)} |" for key, field in found.model_fields.items()]
    return "\n".join([markdown(getdoc(found) or ""), "", "| key | value | default |", "|---|---|---|", *rows])


def _type(field: Any) -> str:
    """The annotation as a reader of TOML needs it."""
    shown = re.sub(
        r"typing\.|compiler\.[a-z_]+\.|Annotated\[|NoneType|<class '([\w.]+)'>", r"\1", str(field.annotation)
    )
    words = {"str": "text", "float": "number", "FiniteFloat": "number", "int": "whole number", "bool": "true or false"}
    names = re.findall(r"'[^']*'|\b[A-Za-z]+\b", shown)
    kinds = dict.fromkeys(words.get(n, n if n.startswith("'") else "") for n in names)
    kinds = dict.fromkeys(k.replace("'", "`").replace("`", '"') if k.startswith("'") else k for k in kinds if k)
    listed = "list: " if "tuple" in shown else "table: " if "dict" in shown else ""
    return listed + (", ".join(kinds) or "table")


def _default(field: Any) -> str:
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=True)
    if value is None:
        return ""
    plain = value.model_dump(exclude_defaults=True) if hasattr(value, "model_dump") else value
    return f"`{json.dumps(plain, default=list)}`" if plain not in ({}, (), "") else ""


def commands() -> str:
    """Every command with its help."""
    return "\n\n".join(f"## {' '.join(words[1:])}\n\n```text\n{text}```" for words, text in helps())


def helps() -> Iterator[tuple[tuple[str, ...], str]]:
    """The words of each command and its help text, subcommands of groups behind their group."""
    import click

    from compiler.cli import COMMANDS, cli

    top = click.Context(cli, info_name="strandgrad", terminal_width=100)
    for name in COMMANDS:
        command = cli.get_command(top, name)
        assert command is not None
        context = click.Context(command, info_name=name, parent=top, terminal_width=100)
        yield ("strandgrad", name), command.get_help(context) + "\n"
        if isinstance(command, click.Group):
            for inner in command.list_commands(context):
                found = command.get_command(context, inner)
                assert found is not None
                below = click.Context(found, info_name=inner, parent=context, terminal_width=100)
                yield ("strandgrad", name, inner), found.get_help(below) + "\n"


def output(example: str) -> str:
    """What an example prints, run now."""
    path = Path(__file__).parents[1] / "examples" / f"{example}.py"
    done = subprocess.run([sys.executable, str(path)], capture_output=True, text=True, check=True)
    return done.stdout.rstrip()


def api(package: str) -> str:
    """A reference entry for every public name of a package, from the module that is its home."""
    return "\n\n".join(f"::: {home}.{name}" for name, home in homes(package))


def homes(package: str) -> Iterator[tuple[str, str]]:
    """Public names and the modules they live in, read from the imports for type checkers."""
    module = import_module(package)
    tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
    found = {
        alias.name: str(node.module)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith(f"{package}.")
        for alias in node.names
    }
    yield from sorted(found.items(), key=lambda pair: (pair[1], pair[0]))


MARKS: Mapping[str, Callable[..., str]] = {
    "api": api,
    "commands": commands,
    "constants": constants,
    "grammar": grammar,
    "output": output,
    "section": section,
}
"""The marks there are."""
