"""Is everything there that Strandgrad needs, and what of the optional rest?

In: the environment. Out: :class:`Finding` per part, of which those that are ``required`` must be ``ok``. What is
needed, and from which version on, is read from the installed distribution's own metadata.
"""

from __future__ import annotations

import math
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import PackageNotFoundError, metadata, requires, version

DISTRIBUTION = "strandgrad"
OLDEST = (3, 11)
"""The oldest Python that pyproject.toml allows."""

MODULES = {"scikit-sundae": "sksundae"}
"""Modules of required libraries whose distribution has another name."""

PROGRAMS = {
    "Chromium": (("chromium", "chromium-browser", "google-chrome"), "tests look at the HTML report in it"),
    "C compiler": (("gcc", "cc"), "bench engine compares with CVODE and KLU in C"),
}
"""Programs that something optional calls: names on the path, and what for."""

REQUIREMENT = re.compile(
    r"(?P<name>[\w.-]+)(?:\[.*?\])?(?:(?P<how>>=|==)(?P<bound>[\w.]+))?\s*(?:;.*extra == .(?P<extra>\w+).)?"
)


@dataclass(frozen=True)
class Finding:
    """One part: whether it is as it should be, what was found, and the remedy where it is not."""

    part: str
    ok: bool
    required: bool
    fact: str
    remedy: str = ""


def examine() -> tuple[Finding, ...]:
    """Every check, the required ones first."""
    return (
        _python(),
        *_libraries(),
        _engine(),
        *_groups(),
        _nuskell(),
        *(_program(name, *rest) for name, rest in PROGRAMS.items()),
        _cores(),
        _cache(),
    )


def _python() -> Finding:
    found = sys.version_info[:2] >= OLDEST
    return Finding("Python", found, True, sys.version.split()[0], "" if found else "use Python 3.11 or later")


def needs() -> Mapping[str, tuple[tuple[str, str, str], ...]]:
    """Required libraries by group, ``""`` those that are always needed: name, ``>=`` or ``==``, version.

    Raises :class:`PackageNotFoundError` where the distribution is not installed.
    """
    groups: dict[str, list[tuple[str, str, str]]] = {
        g: [] for g in ("", *(metadata(DISTRIBUTION).get_all("Provides-Extra") or ()))
    }
    for line in requires(DISTRIBUTION) or ():
        found = REQUIREMENT.match(line)
        if found and found["name"] != DISTRIBUTION:
            groups[found["extra"] or ""].append((found["name"], found["how"] or "", found["bound"] or ""))
    return {group: tuple(wanted) for group, wanted in groups.items() if wanted}


def _libraries() -> Iterator[Finding]:
    """The required libraries, imported, since a broken one is there too."""
    try:
        wanted = needs()[""]
    except PackageNotFoundError:
        yield Finding(DISTRIBUTION, False, True, "not installed", "run: pip install strandgrad")
        return
    yield Finding(DISTRIBUTION, True, True, version(DISTRIBUTION))
    for name, how, bound in wanted:
        fact = lack(name, how, bound)
        try:
            import_module(MODULES.get(name, name))
        except Exception as error:
            fact = fact or f"cannot be imported: {error}"
        ok = not fact
        yield Finding(name, ok, True, fact or version(name), "" if ok else f"run: pip install '{name}{how}{bound}'")


def lack(name: str, how: str, bound: str) -> str:
    """What is wrong with an installed library: missing, or of another version; empty if nothing is."""
    try:
        found = version(name)
    except PackageNotFoundError:
        return "missing"
    if (how == "==" and numbers(found) != numbers(bound)) or (how == ">=" and numbers(found) < numbers(bound)):
        return f"{found}, not {how} {bound}"
    return ""


def numbers(text: str) -> tuple[int, ...]:
    """The leading numbers of a version, trailing zeros dropped: ``"2.7.0rc1"`` is (2, 7)."""
    found = re.match(r"\d+(?:\.\d+)*", text)
    parts = [int(part) for part in found[0].split(".")] if found else []
    while parts and not parts[-1]:
        parts.pop()
    return tuple(parts)


def _engine() -> Finding:
    """Integrate A -> B for one time constant: e^-1 of A must be left."""
    try:
        from dsd.network import Reaction, network
        from dsd.simulate import simulate

        left = float(simulate(network([Reaction(("A",), ("B",), 1.0)]).with_initial(A=1.0), 1.0)["A"][-1])
    except Exception as error:
        return Finding("engine", False, True, f"does not run: {error}", "install numba and scikit-sundae again")
    ok = abs(left - math.exp(-1)) < 1e-4
    return Finding("engine", ok, True, f"A -> B leaves {left:.5f} of A after 1/k", "" if ok else "report this as a bug")


def _groups() -> Iterator[Finding]:
    """The optional groups, each with what it lacks."""
    try:
        groups = needs()
    except PackageNotFoundError:
        return
    for group, wanted in groups.items():
        if not group:
            continue
        lacking = [f"{name} {fact}" for name, how, bound in wanted if (fact := lack(name, how, bound))]
        have = ", ".join(f"{name} {version(name)}" for name, how, bound in wanted if not lack(name, how, bound))
        remedy = f"run: pip install 'strandgrad[{group}]'" if lacking else ""
        yield Finding(f"[{group}]", not lacking, False, "; ".join(lacking) or have, remedy)


def _nuskell() -> Finding:
    from dsd.schemes import nuskell

    ok = nuskell.installed()
    return Finding("Nuskell", ok, False, "importable" if ok else "missing", "" if ok else f"see {nuskell.HOME}")


def _program(name: str, names: tuple[str, ...], use: str) -> Finding:
    where = next(filter(None, map(shutil.which, names)), None)
    return Finding(name, where is not None, False, where or "missing", "" if where else f"only where {use}")


def _cores() -> Finding:
    usable: Callable[[int], set[int]] | None = getattr(os, "sched_getaffinity", None)
    count = len(usable(0)) if usable else os.cpu_count() or 1
    return Finding("cores", True, False, f"{count} of {os.cpu_count()}")


def _cache() -> Finding:
    """Where numba keeps compiled functions, and whether it can."""
    from dsd import ndf_kernels

    folder = getattr(getattr(ndf_kernels.curvature, "_cache", None), "cache_path", None)
    ok = folder is not None and os.access(folder if os.path.isdir(folder) else os.path.dirname(folder), os.W_OK)
    remedy = "" if ok else "set NUMBA_CACHE_DIR to a folder you can write to, or each process compiles for seconds"
    return Finding("Numba cache", ok, False, f"{folder or 'none'}{'' if ok else ', not writable'}", remedy)
