"""System -> scadnano design: every complex and every free strand on a helix of its own, domains named.

scadnano (Doty, Lee & Stérin, DNA26, LIPIcs 174:9, 2020) shows and edits strands; with sequences it also makes the
files of oxDNA, topology and configuration. Helices stand side by side, 10 nm apart, without a lattice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import accumulate
from typing import Any

from dsd.domains import Duplex, Top, complement
from dsd.optional import optional
from dsd.palette import colours
from dsd.sequences.record import Sequences
from dsd.system import BOTTOM, System

SPACING_NM = 10.0
"""Between helix axes: four times the width of a duplex, so that nothing touches."""


def design(system: System, sequences: Sequences | None = None) -> Any:
    """The ``scadnano.Design``, one copy of every part; strands are named ``PART`` or ``COMPLEX.STRAND``
    (``COMPLEX.STRAND.2`` for its second copy)."""
    sc = optional("scadnano", "export")
    helices, strands, palette = [], [], colours(system)
    for index, (name, duplex) in enumerate(_parts(system)):
        nt = [system.lengths[d] for d in duplex.bottom]
        ends = (0, *accumulate(nt))
        place = sc.Position3D(x=SPACING_NM * (index % 20), y=SPACING_NM * (index // 20), z=0)
        helices.append(sc.Helix(idx=index, max_offset=ends[-1], position=place))
        for strand in _strands(sc, system, name, duplex, index, ends):
            domains = tuple(d.name for d in strand.domains)
            strand.color = sc.Color(hex_string=palette[domains])
            if sequences is not None:
                strand.set_dna_sequence(sequences.spell(domains))
            strands.append(strand)
    return sc.Design(helices=helices, strands=strands, grid=sc.Grid.none)


def _parts(system: System) -> Iterator[tuple[str, Duplex]]:
    """Complexes, then free strands as duplexes whose bottom strand is missing: no tops."""
    for c in system.complexes:
        yield c.name, c.duplex
    for s in system.strands:
        if s.role != BOTTOM:
            yield s.name, Duplex(s.domains, ())


def _strands(sc: Any, system: System, name: str, duplex: Duplex, helix: int, ends: tuple[int, ...]) -> Iterator[Any]:
    """The scadnano strands of a part: tops run forward, the bottom strand backward."""
    held: Counter[str] = Counter()
    for top in duplex.tops or (Top(0, duplex.bottom),):
        places = range(top.offset, top.end)
        domains = [sc.Domain(helix, True, ends[p], ends[p + 1], name=duplex.bottom[p]) for p in places]
        strand = system.strand_of[top.domains].name
        held[strand] += 1
        label = f"{name}.{strand}" + (f".{held[strand]}" if held[strand] > 1 else "")
        yield sc.Strand(domains, name=label if duplex.tops else name)
    if duplex.tops:
        back = [
            sc.Domain(helix, False, ends[p], ends[p + 1], name=complement((d,))[0])
            for p, d in reversed(list(enumerate(duplex.bottom)))
        ]
        yield sc.Strand(back, name=f"{name}.{system.strand_of[complement(duplex.bottom)].name}")


def scadnano(system: System, name: str = "network", sequences: Sequences | None = None) -> str:
    """The ``.sc`` file, ending in a newline; with ``sequences``, nucleotides on every strand."""
    text: str = design(system, sequences).to_json()
    return text + "\n"
