"""Domain level -> strands level: sequences for a system, several sets of them, the best first.

In: a :class:`~dsd.system.System`, rules, a seed. Out: :class:`Candidate` sets ranked by their gap, then by
how alike the intended duplexes are. The same seed gives the same sequences.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np

from dsd.errors import InputError
from dsd.sequences.contexts import Neighbourhood
from dsd.sequences.letters import longest_run
from dsd.sequences.quality import Quality, quality
from dsd.sequences.record import Sequences
from dsd.sequences.rules import MOST_LONG, Rules
from dsd.sequences.search import Search
from dsd.sequences.toeholds import choose
from dsd.system import System


@dataclass(frozen=True)
class Candidate:
    """One set of sequences and what it is worth."""

    sequences: Sequences
    quality: Quality


def design_sequences(
    system: System,
    rules: Rules | None = None,
    seed: int = 0,
    progress: Callable[[str], Callable[[float, float], None]] = lambda label: lambda done, total: None,
) -> tuple[Candidate, ...]:
    """Design ``rules.candidates`` sets of sequences and rank them; ``progress(label)`` returns ``update(done, total)``.

    Raises :class:`InputError` above 1,000 long domains, for fixed sequences that do not fit, where the search stalls,
    and where ViennaRNA is not installed.
    """
    rules = rules or Rules()
    _check(system, rules)
    found = []
    for number in range(1, rules.candidates + 1):
        update = progress(f"sequences, set {number} of {rules.candidates}")
        sequences = _one(system, rules, seed, number, update)
        found.append(Candidate(sequences, quality(system, sequences)))
    return tuple(sorted(found, key=lambda c: (-c.quality.gap, c.quality.spread, c.sequences.candidate)))


def _check(system: System, rules: Rules) -> None:
    if system.tuned:
        raise InputError(
            "the system sets its rates by the strength of each gate's toehold, and whole toeholds bind alike; no "
            "sequences are designed for it; use a two-domain scheme, which sets rates by concentrations"
        )
    long = len(system.domains) - len(system.toeholds)
    if long > MOST_LONG:
        raise InputError(
            f"the system has {long:,} long domains; sequences are designed for up to {MOST_LONG:,}: beyond that no "
            "set is known to keep a useful gap; use a smaller design, or stay at the domain level (compile --to dsd)"
        )
    if not long:
        raise InputError("the system has no long domain, so there is nothing to design; give a compiled circuit")
    for name, word in rules.fixed:
        if name not in system.lengths:
            close = get_close_matches(name, list(system.lengths), n=1)
            hint = f"did you mean '{close[0]}'?" if close else "name a domain of 'compile --to dsd'"
            raise InputError(f"[sequences.fixed] {name}: the system has no such domain; {hint}")
        if len(word) != system.lengths[name]:
            length = system.lengths[name]
            fact = f"'{word}' has {len(word)} nt and the domain {length}"
            raise InputError(f"[sequences.fixed] {name}: {fact}; write {length} letters, or change the length in [dna]")


def _one(system: System, rules: Rules, seed: int, number: int, update: Callable[[float, float], None]) -> Sequences:
    generator = np.random.default_rng([seed, number])
    sequences = dict(rules.fixed)
    toeholds = [d for d in system.domains if d.toehold]
    for length in sorted({d.length for d in toeholds}):
        missing = [d.name for d in toeholds if d.length == length and d.name not in sequences]
        taken = tuple(sequences[d.name] for d in toeholds if d.length == length and d.name in sequences)
        sequences |= zip(missing, choose(len(missing), length, rules, taken, generator), strict=True)
    strands = tuple(s.domains for s in system.strands)
    around = Neighbourhood(strands, system.lengths, rules, {d.name: sequences[d.name] for d in toeholds})
    names = tuple(d.name for d in system.domains if not d.toehold)
    sequences = Search(names, system.lengths, rules, around, generator, sequences, update).run()
    made = Sequences(tuple((d.name, sequences[d.name]) for d in system.domains), seed, number)
    _verify(system, rules, made)
    return made


def _verify(system: System, rules: Rules, made: Sequences) -> None:
    """Runs and forbidden words on whole strands, where fixed domains may have brought them in."""
    fixed = dict(rules.fixed)
    for strand, text in made.strands(system):
        word = next((w for w in rules.words if w in text), "")
        if word or longest_run(text) > rules.max_run:
            fact = f"the forbidden word {word}" if word else f"a run of more than {rules.max_run}"
            culprits = [d.rstrip("*") for d in strand.domains if d.rstrip("*") in fixed]
            remedy = f"change the fixed {', '.join(culprits)}" if culprits else "forbid shorter words"
            raise InputError(f"sequences: strand {strand.name} reads {fact}; {remedy} in [sequences]")
