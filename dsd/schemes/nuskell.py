"""Nuskell's translation schemes, where Nuskell is importable, as systems of ours.

In: a network and the name of a scheme. Out: a :class:`~dsd.kernel_system.KernelSystem`. Badelt et al., "A
general-purpose CRN-to-DSD compiler with formal verification, optimization, and simulation capabilities", DNA 23, LNCS
10467:232 (2017). Nuskell's own lengths of domains are kept. What its intermediates mean only its authors know, so
verification searches for an interpretation.
"""

from __future__ import annotations

import importlib
import os
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from dsd.domains import Domain
from dsd.errors import InputError, StrandgradError
from dsd.kernel import Structure, parse_kernel
from dsd.kernel_system import KernelModule, KernelSystem
from dsd.network import Network, Reaction
from dsd.verify import shape_of

PREFIX = "nuskell:"
"""In front of the names of its schemes."""

HOME = "https://github.com/DNA-and-Natural-Algorithms-Group/nuskell"


def names() -> tuple[str, ...]:
    """Its literature and variant schemes, with :data:`PREFIX`. Raises :class:`InputError` where it is not installed."""
    found = _compiler().get_builtin_schemes()
    files = [file for listed in found.values() for file in listed]
    return tuple(PREFIX + os.path.splitext(file)[0] for file in sorted(files) if file.endswith(".ts"))


def installed() -> bool:
    """Whether Nuskell can be imported."""
    try:
        _compiler()
    except InputError:
        return False
    return True


def build(network: Network, name: str) -> KernelSystem:
    """The signals and fuels of a scheme, reaction by reaction; rates play no part.

    Raises :class:`InputError` for an unknown scheme and where Nuskell is not installed, :class:`StrandgradError` where
    Nuskell cannot translate the network.
    """
    compiler = _compiler()
    if name not in names():
        raise InputError(f"no scheme '{name}'; Nuskell has {', '.join(names())}")
    number = {x: f"s{i}" for i, x in enumerate(network.names)}  # Nuskell reserves some first letters
    text = "\n".join(_spelled(r, number) for r in network)
    with _fresh(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            whole, parts = compiler.translate(text, name.removeprefix(PREFIX) + ".ts", modular=True)
        except Exception as error:  # its interpreter raises whatever it meets
            raise StrandgradError(f"Nuskell cannot translate this by {name}: {error}") from error
        domains = {_domain(d) for c in whole.values() for d in c.sequence if str(d) != "+"}
        parsed = [{n: parse_kernel(c.kernel_string) for n, c in part.items()} for part in parts]
        whole.clear()
        for part in parts:
            part.clear()
    back = {s: x for x, s in number.items()}
    known = _counted(d.name for d in domains)
    fuels = _counted(n for part in parsed for n in part if n not in back)
    modules = (
        _module(r, {fuels.get(n, n): _respelled(part[n], known) for n in sorted(part, key=_count)}, back)
        for r, part in zip(network, parsed, strict=True)
    )
    named = (replace(d, name=known[d.name]) for d in domains)
    return KernelSystem(name, tuple(sorted(named, key=lambda d: _count(d.name))), tuple(modules))


def _count(name: str) -> tuple[int, str]:
    """The number behind a name, by which Nuskell counts what it makes, and the name."""
    digits = name[len(name.rstrip("0123456789")) :]
    return int(digits or 0), name


def _counted(names: Iterable[str]) -> dict[str, str]:
    """Names counted anew: Nuskell's counters run on from one translation to the next."""
    ordered = sorted(set(names), key=_count)
    return {name: f"{name.rstrip('0123456789')}{i}" for i, name in enumerate(ordered, start=1)}


def _respelled(s: Structure, known: Mapping[str, str]) -> Structure:
    strands = (tuple(known[d.rstrip("*")] + "*" * d.endswith("*") for d in strand) for strand in s.strands)
    return replace(s, strands=tuple(strands))


def _module(r: Reaction, part: Mapping[str, Structure], back: Mapping[str, str]) -> KernelModule:
    signals = {back[n]: s for n, s in part.items() if n in back}
    fuels = tuple((n, s) for n, s in part.items() if n not in back)

    def meaning(s: Structure) -> tuple[str, ...]:
        return next(((x,) for x, form in signals.items() if _same_signal(s, form)), ())

    return KernelModule(
        r, shape_of(r), fuels, tuple(signals.items()), meaning, lambda s: bool(meaning(s)), complete=False
    )


def _same_signal(s: Structure, form: Structure) -> bool:
    """Whether a complex is the signal ``form``, whatever domain it has in place of its history (``h`` and a number)."""
    if s.pairs != form.pairs or [len(x) for x in s.strands] != [len(x) for x in form.strands]:
        return False
    pairs = zip((d for x in s.strands for d in x), (d for x in form.strands for d in x), strict=True)
    return all(mine == theirs or theirs.startswith("h") for mine, theirs in pairs)


def _spelled(r: Reaction, number: Mapping[str, str]) -> str:
    left, right = (" + ".join(number[x] for x in side) for side in (r.reactants, r.products))
    return f"{left} -> {right}"


def _domain(d: Any) -> Domain:
    return Domain(str(d).rstrip("*"), int(d.length), d.dtype == "short")


def _compiler() -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return importlib.import_module("nuskell.dsdcompiler.compiler")
    except ImportError as error:
        how = "it is not on PyPI: install it from there, with setuptools<80 and pyparsing<3.3.3 beside it"
        raise InputError(f"Nuskell cannot be imported ({error}); find it at {HOME}; {how}") from error


@contextmanager
def _fresh() -> Iterator[None]:
    """Nuskell's objects are global by name: empty its registries before and after."""
    objects = importlib.import_module("nuskell.dsdcompiler.objects")
    objects.clear_memory()
    try:
        yield
    finally:
        objects.clear_memory()
