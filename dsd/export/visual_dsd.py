"""System -> a program of Visual DSD: domains with their rates, and every strand and complex with its amount.

The language is that of Lakin, Youssef, Polo, Emmott & Phillips, Bioinformatics 27:3211 (2011): ``<t^ x>`` is an upper
strand, ``{t^*}`` an exposed lower domain, ``[x t^]`` a bound upper strand, and ``:`` joins neighbours along the lower
strand. Visual DSD is not at hand where Strandgrad is tested: the text follows the published grammar and says so itself.
"""

from __future__ import annotations

from collections.abc import Mapping

from dsd.domains import Duplex, Sequence
from dsd.export.names import identifiers
from dsd.network import Dose, Threshold
from dsd.rates import per_nM, profile
from dsd.sequences.record import Sequences
from dsd.system import BOTTOM, System

_WORDS = """
new dom def directive tether of with seq bind unbind colour constant init rxn sum local
"""
RESERVED = frozenset(_WORDS.split())
"""Words of the language."""

UNBIND_PER_S = 0.1126
"""Unbinding rate of a toehold, /s: the default of Visual DSD (``options.fs`` of crn-engine)."""


def visual_dsd(system: System, name: str = "network", sequences: Sequences | None = None) -> str:
    """The program, nM and s, ending in a newline. Doses, which the language has no word for, are comments.

    ``sequences`` gives the nucleotides of a domain, 5' to 3'; domains it lacks stay without.
    """
    kinetics = profile(system.get("profile", "ideal"))
    word = identifiers([d.name for d in system.domains], RESERVED)
    known = sequences.domain if sequences else {}
    long_nt = max((d.length for d in system.domains if not d.toehold), default=20)
    lines = [
        f"(* {name}: written by Strandgrad; not checked against the tool (Visual DSD) *)",
        "directive simulation { final=36000.0; points=1000 }",
        "directive simulator deterministic",
    ]
    for d in system.domains:
        seq = [f"seq={known[d.name]}"] if d.name in known else []
        if d.toehold:
            bind = per_nM(kinetics.displacement(d.length, long_nt))
            seq += [f"bind={bind!r}", f"unbind={UNBIND_PER_S!r}", 'colour="red"']
        if seq:
            lines.append(f"dom {word[d.name]} = {{{'; '.join(seq)}}}")
    spell = {d.name: word[d.name] + ("^" if d.toehold else "") for d in system.domains}
    strands = [(s.initial, f"<{_spelled(s.domains, spell)}>", s.name) for s in system.strands if s.role != BOTTOM]
    complexes = [(c.initial, _complex(c.duplex, spell), c.name) for c in system.complexes]
    parts = [f"{amount!r} * {text} (* {part} *)" for amount, text, part in (*strands, *complexes)]
    lines += ["( " + "\n| ".join(parts), ")", *(_dose(d) for d in system.doses)]
    return "\n".join(lines) + "\n"


def _spelled(domains: Sequence, spell: Mapping[str, str]) -> str:
    return " ".join(spell[d.rstrip("*")] + ("*" if d.endswith("*") else "") for d in domains)


def _complex(duplex: Duplex, spell: Mapping[str, str]) -> str:
    """``{t^*}[x t^]:[y t^]``: exposed stretches hang on the strand to their right, the last one on that to its left."""
    segments, open_from = [], 0
    for top in duplex.tops:
        bare = _bare(duplex.bottom[open_from : top.offset], spell)
        segments.append(f"{bare}[{_spelled(top.domains, spell)}]")
        open_from = top.end
    return ":".join(segments) + _bare(duplex.bottom[open_from:], spell)


def _bare(domains: Sequence, spell: Mapping[str, str]) -> str:
    """Exposed lower domains, read left to right like the upper side, that is 3' to 5'."""
    return f"{{{_spelled(tuple(d + '*' for d in domains), spell)}}}" if domains else ""


def _dose(d: Dose) -> str:
    if isinstance(d.at, Threshold):
        way = "rises" if d.at.direction > 0 else "falls"
        when = f"when {' + '.join(d.at.species)} {way} through {d.at.level!r} nM"
    else:
        when = f"at {d.at!r} s"
    return f"(* dose: {d.amount!r} nM of {d.species} {when} *)"
