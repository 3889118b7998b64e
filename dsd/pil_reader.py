"""Reads the lines of ``.pil`` text, one at a time (:mod:`dsd.pil` says what they look like)."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sized
from dataclasses import dataclass, field

from dsd.domains import Domain
from dsd.errors import TextError
from dsd.kernel import parse_kernel, to_duplex
from dsd.limits import MAX_LENGTH_NT
from dsd.network import Dose, Threshold
from dsd.system import FOLDED, Complex, Module, Strand

_N = r"[A-Za-z_][A-Za-z0-9_']*"
_FLOAT = r"[-+0-9.eE]+"
_PART = re.compile(rf"({_N}) = (.+?) @initial ({_FLOAT}) nM #: (\S.*)\Z")
_INDEX = re.compile(r"[0-9]{1,9}")
_LENGTH = re.compile(rf"length ({_N}) = ([0-9]+)( #: toehold)?\Z")
_META = re.compile(r"#: meta (\S+) =(?: (.*))?\Z")
_STRAND = re.compile(rf"#: strand ({_N}) = (.+?) \| (\S.*)\Z")
_MEANS = re.compile(rf"#: means ({_N}) =(?: ({_N}(?: \+ {_N})*))?\Z")
_TOELESS = re.compile(rf"#: toeless ({_N}) ({_N})\Z")
_DOSE_AT = re.compile(rf"#: dose ({_N}) ({_FLOAT}) nM at ({_FLOAT}) s\Z")
_DOSE_WHEN = re.compile(rf"#: dose ({_N}) ({_FLOAT}) nM when (.+?) (rises|falls) through ({_FLOAT}) nM\Z")
_MODULE = re.compile(r"#: module ([0-9]{1,9}) (\S+) gates=(\S*) fuels=(\S*)((?: [^\s=]+=\S+)*) \|(?: (.*))?\Z")


@dataclass
class Reader:
    """The parts read so far, and where the reading is."""

    source: str
    number: int = 0
    line: str = ""
    domains: list[Domain] = field(default_factory=list)
    strands: list[Strand] = field(default_factory=list)
    complexes: list[Complex] = field(default_factory=list)
    doses: list[Dose] = field(default_factory=list)
    meaning: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    toeless: list[tuple[str, str]] = field(default_factory=list)
    modules: list[Module] = field(default_factory=list)
    meta: list[tuple[str, str]] = field(default_factory=list)

    @property
    def size(self) -> int:
        """How many parts have been read."""
        lists: tuple[Sized, ...] = (
            self.domains, self.strands, self.complexes, self.doses, self.meaning, self.toeless, self.modules, self.meta,
        )  # fmt: skip
        return sum(map(len, lists))

    def fail(self, column: int, fact: str, remedy: str) -> TextError:
        """An error at a column (from 1) of the current line."""
        return TextError(self.source, self.number, column, self.line, fact, remedy)

    def number_at(self, match: re.Match[str], group: int) -> float:
        """The number of a group."""
        try:
            value = float(match[group])
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            raise self.fail(match.start(group) + 1, f"'{match[group]}' is not a finite number", "write it as 12.5")
        return value

    def tags(self, match: re.Match[str], group: int) -> tuple[str, str, int | None]:
        """Role, latch and reaction index of a ``#:`` tail."""
        role, *rest = match[group].split()
        values = dict(word.partition("=")[::2] for word in rest)
        unknown = [key for key in values if key not in ("latch", "reaction")]
        if unknown or not _INDEX.fullmatch(values.get("reaction", "0")):
            remedy = "behind #: write a role, then latch=STRAND and reaction=INDEX where they apply"
            raise self.fail(match.start(group) + 1, f"'{match[group]}' does not describe a part", remedy)
        return role, values.get("latch", ""), int(values["reaction"]) if "reaction" in values else None


def read_line(reader: Reader, line: str) -> None:
    """Read one line into the reader, or raise :class:`TextError`."""
    for pattern, read in _LINES:
        if match := pattern.match(line):
            read(reader, match)
            return
    words = line.split()
    word = words[1] if words[0] == "#:" and len(words) > 1 else ""
    kind = f"a '{word}' line" if word else "a domain, strand or complex"
    remedy = "write 'length NAME = NT', 'NAME = KERNEL @initial X nM #: ROLE', or a #: line as in dsd.pil"
    raise reader.fail(1, f"this does not read as {kind}", remedy)


def _read_length(reader: Reader, m: re.Match[str]) -> None:
    # Whoever writes more digits than the limit has means more nucleotides than it, too.
    length = int(m[2]) if len(m[2]) <= len(str(MAX_LENGTH_NT)) else MAX_LENGTH_NT + 1
    if not 1 <= length <= MAX_LENGTH_NT:
        remedy = f"write a whole number from 1 to {MAX_LENGTH_NT}"
        raise reader.fail(m.start(2) + 1, f"no domain has a length of {m[2]} nt", remedy)
    reader.domains.append(Domain(m[1], length, bool(m[3])))


def _read_part(reader: Reader, m: re.Match[str]) -> None:
    structure = parse_kernel(m[2], reader.source, reader.number, m.start(2) + 1)
    initial, (role, latch, reaction) = reader.number_at(m, 3), reader.tags(m, 4)
    if len(structure.strands) == 1 and set(structure.pairs) == {-1}:
        reader.strands.append(Strand(m[1], structure.strands[0], role, initial, reaction))
        return
    duplex = to_duplex(structure)
    if duplex is None and role not in FOLDED:
        remedy = "write the top strands from left to right, then the bottom strand they are all bound to"
        raise reader.fail(m.start(2) + 1, f"{m[1]} is not a duplex of top strands on one bottom strand", remedy)
    reader.complexes.append(Complex(m[1], duplex or structure, role, initial, latch, reaction))


def _read_strand(reader: Reader, m: re.Match[str]) -> None:
    role, _, reaction = reader.tags(m, 3)
    reader.strands.append(Strand(m[1], tuple(m[2].split()), role, 0.0, reaction))


def _read_dose_at(reader: Reader, m: re.Match[str]) -> None:
    reader.doses.append(Dose(m[1], reader.number_at(m, 2), reader.number_at(m, 3)))


def _read_dose_when(reader: Reader, m: re.Match[str]) -> None:
    direction = 1 if m[4] == "rises" else -1
    at = Threshold(tuple(m[3].split(" + ")), reader.number_at(m, 5), direction)
    reader.doses.append(Dose(m[1], reader.number_at(m, 2), at))


def _read_module(reader: Reader, m: re.Match[str]) -> None:
    values = []
    for key, value in (word.split("=", 1) for word in m[5].split()):
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        if math.isnan(number):
            remedy = "write key=NUMBER"
            raise reader.fail(m.start(5) + 1, f"the value of {key}, '{value}', is not a number", remedy)
        values.append((key, number))
    gates, fuels = (tuple(x for x in m[g].split(",") if x) for g in (3, 4))
    reader.modules.append(Module(int(m[1]), m[6] or "", m[2], gates, fuels, tuple(values)))


_LINES: tuple[tuple[re.Pattern[str], Callable[[Reader, re.Match[str]], None]], ...] = (
    (_LENGTH, _read_length),
    (_PART, _read_part),
    (_STRAND, _read_strand),
    (_META, lambda reader, m: reader.meta.append((m[1], m[2] or ""))),
    (_MEANS, lambda reader, m: reader.meaning.append((m[1], tuple((m[2] or "").split(" + ")) if m[2] else ()))),
    (_TOELESS, lambda reader, m: reader.toeless.append((m[1], m[2]))),
    (_DOSE_AT, _read_dose_at),
    (_DOSE_WHEN, _read_dose_when),
    (_MODULE, _read_module),
)
