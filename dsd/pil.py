"""DNA systems as ``.pil`` text: kernel notation that Peppercorn reads, and the rest in structured comments.

:func:`print_pil` and :func:`parse_pil` are inverses. Plain lines declare domains, free strands and complexes::

    length t = 5 #: toehold
    X = t X @initial 20.0 nM #: signal
    J0 = X( t( + i0( + r0( t( + ) ) ) ) ) t* @initial 400.0 nM #: join latch=T0 reaction=0

Lines that begin with ``#:`` carry what kernel notation has no word for; Peppercorn takes them for comments::

    #: meta profile = ideal
    #: strand W0 = t r0 | waste reaction=0        a strand that does not start free
    #: means T0 = Y                               the interpretation
    #: toeless I3 S3
    #: dose X 20.0 nM at 3600.0 s
    #: dose X 20.0 nM when O1 + O2 rises through 5.0 nM
    #: module 0 join gates=J0,F0 fuels=H0,End target=1e-05 gate_nM=400.0 | X -> Y

Grammar of a line (words are parted by single blanks; ``structure`` is that of :mod:`dsd.kernel`)::

    line     = "length" name "=" digits [ "#: toehold" ]
             | name "=" structure "@initial" number "nM #:" tags
             | "#: meta" word "=" [ text ]
             | "#: strand" name "=" domains "|" tags
             | "#: means" name "=" [ sum ]
             | "#: toeless" name name
             | "#: dose" name number "nM at" number "s"
             | "#: dose" name number "nM when" sum ( "rises" | "falls" ) "through" number "nM"
             | "#: module" digits word "gates=" names "fuels=" names { word "=" number } "|" [ text ] ;
    tags     = role [ "latch=" name ] [ "reaction=" digits ] ;
    role     = word ;
    domains  = domain { domain } ;
    sum      = name { "+" name } ;
    names    = [ name { "," name } ] ;
    name     = ( letter | "_" ) { letter | digit | "_" | "'" } ;
    digits   = digit { digit } ;
    word     = any characters but blanks ;
    text     = the rest of the line ;
"""

from __future__ import annotations

from dsd.interpretation import Interpretation
from dsd.kernel import print_kernel, strand_structure
from dsd.limits import MAX_STATEMENTS, check_text
from dsd.network import Dose, Threshold
from dsd.pil_reader import Reader, read_line
from dsd.system import FUELS, Complex, Module, Strand, System

_HEADER = "# DNA strand displacement system in kernel notation; nM, s, nt; #: lines carry roles and meaning"


def print_pil(system: System) -> str:
    """The text of a system, ending in a newline."""
    lines = [_HEADER, *(f"#: meta {key} = {value}" for key, value in system.meta), ""]
    lines += [f"length {d.name} = {d.length}" + (" #: toehold" if d.toehold else "") for d in system.domains]
    lines += ["", *map(_strand_line, system.strands), "", *map(_complex_line, system.complexes), ""]
    lines += [f"#: means {name} = {' + '.join(formal)}".rstrip() for name, formal in system.interpretation.table]
    lines += [f"#: toeless {strand} {gate}" for strand, gate in system.toeless]
    lines += [*map(_dose_line, system.doses), *map(_module_line, system.modules)]
    return "\n".join(lines) + "\n"


def _tags(role: str, latch: str, reaction: int | None) -> str:
    return " ".join(
        [role, *([f"latch={latch}"] if latch else []), *([] if reaction is None else [f"reaction={reaction}"])]
    )


def _strand_line(s: Strand) -> str:
    tags = _tags(s.role, "", s.reaction)
    if s.initial > 0 or s.role == "signal" or s.role in FUELS:
        return f"{s.name} = {print_kernel(strand_structure(s.domains))} @initial {s.initial!r} nM #: {tags}"
    return f"#: strand {s.name} = {' '.join(s.domains)} | {tags}"


def _complex_line(c: Complex) -> str:
    kernel = print_kernel(c.structure)
    return f"{c.name} = {kernel} @initial {c.initial!r} nM #: {_tags(c.role, c.latch, c.reaction)}"


def _dose_line(d: Dose) -> str:
    if isinstance(d.at, Threshold):
        way = "rises" if d.at.direction > 0 else "falls"
        when = f"when {' + '.join(d.at.species)} {way} through {d.at.level!r} nM"
    else:
        when = f"at {d.at!r} s"
    return f"#: dose {d.species} {d.amount!r} nM {when}"


def _module_line(m: Module) -> str:
    values = "".join(f" {key}={value!r}" for key, value in m.values)
    return f"#: module {m.index} {m.kind} gates={','.join(m.gates)} fuels={','.join(m.fuels)}{values} | {m.text}"


def parse_pil(text: str, source: str = "<text>") -> System:
    """Read a system. Raises :class:`TextError` with the place, :class:`InputError` where parts do not fit together."""
    check_text(text, source)
    reader = Reader(source)
    for number, line in enumerate(text.splitlines(), start=1):
        reader.number, reader.line = number, line
        if line.strip() and (line.startswith("#:") or not line.lstrip().startswith("#")):
            read_line(reader, line)
            if reader.size > MAX_STATEMENTS:
                raise reader.fail(1, f"there are more than {MAX_STATEMENTS} parts here", "split the system up")
    return System(
        tuple(reader.domains),
        tuple(reader.strands),
        tuple(reader.complexes),
        tuple(reader.doses),
        Interpretation(tuple(reader.meaning)),
        tuple(reader.toeless),
        tuple(reader.modules),
        tuple(reader.meta),
    )
