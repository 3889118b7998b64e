"""Pydantic's complaints about a design file, reworded: file, key, value, remedy, all of them in one message."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from dsd.errors import InputError, clipped

_REMEDIES = {
    "missing": "add it",
    "greater_than": "write a number above {gt}",
    "greater_than_equal": "write a number of at least {ge}",
    "less_than": "write a number below {lt}",
    "less_than_equal": "write a number of at most {le}",
    "literal_error": "use {expected}",
    "finite_number": "write a finite number",
    "too_short": "list at least {min_length}",
    "string_pattern_mismatch": "use letters, digits, - and _",
}
_SHAPES = {
    "float": "write a number",
    "int": "write a whole number",
    "string": "write text in quotes",
    "bool": "write true or false",
    "tuple": "write a list in brackets",
    "model": "write a section of keys",
}


def refuse(path: Path, problems: Sequence[str]) -> InputError:
    """One error that lists every problem of a design file."""
    if len(problems) == 1:
        return InputError(f"{path}: {problems[0]}")
    return InputError("\n  ".join([f"{path}: {len(problems)} problems", *problems]))


def reworded(error: ValidationError, schema: type[BaseModel]) -> tuple[str, ...]:
    """One line per complaint: ``[model] T = -1: ...; write a number above 0``."""
    return tuple(_line(item, schema) for item in error.errors(include_url=False))


def _line(item: Mapping[str, Any], schema: type[BaseModel]) -> str:
    location, kind = item["loc"], item["type"]
    where = _where(location)
    if kind == "extra_forbidden":
        return f"{where}: unknown {'section' if len(location) == 1 else 'key'}; {_meant(location, schema)}"
    if kind == "missing":
        return f"{where}: missing; add it"
    context = {k: f"{v:g}" if isinstance(v, float) else v for k, v in item.get("ctx", {}).items()}
    shape = next((v for k, v in _SHAPES.items() if kind.startswith(k)), "correct it")
    remedy = _REMEDIES[kind].format(**context) if kind in _REMEDIES else shape
    message = item["msg"][:1].lower() + item["msg"][1:]
    return f"{where} = {clipped(repr(item['input']), 80)}: {message}; {remedy}"


def _where(location: Sequence[str | int]) -> str:
    names = [str(part) for part in location]
    numbers = "".join(f"[{part}]" for part in location if isinstance(part, int))
    names = [str(part) for part in location if not isinstance(part, int)]
    section, key = ".".join(names[:-1]), names[-1]
    return f"[{section}] {key}{numbers}" if section else f"[{key}]"


def _meant(location: Sequence[str | int], schema: type[BaseModel]) -> str:
    known = [name for model in _models(location, schema) for name in model.model_fields]
    close = get_close_matches(str(location[-1]), known, n=1)
    return f"did you mean '{close[0]}'?" if close else f"known here: {', '.join(known)}"


def _models(location: Sequence[str | int], schema: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """The model in which the last name of ``location`` was looked up."""
    model: type[BaseModel] | None = schema
    for part in location[:-1]:
        info = model.model_fields.get(str(part)) if model else None
        candidates = (info.annotation, *get_args(info.annotation)) if info else ()
        model = next((c for c in candidates if isinstance(c, type) and issubclass(c, BaseModel)), None)
    if model:
        yield model
