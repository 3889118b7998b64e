"""CRN bisimulation for a given interpretation: does an implementation do exactly what the formal reactions say?

In: formal and implementation reactions and a complete interpretation. Out: a counterexample, or none. Johnson, Dong &
Winfree, "Verifying chemical reaction network implementations: a bisimulation approach", Theor. Comput. Sci. 765:3
(2019). The interpretation must be

- atomic: for every formal species some species means exactly it;
- delimiting: every implementation reaction means a formal reaction or nothing (the same on both sides);
- permissive: from every implementation state that means enough for a formal reaction, steps that mean nothing lead to
  a step that means the reaction. Minimal states suffice, since more species never disable a step.

With signals named, it must also be modular (their Definition 3.3): steps that mean nothing turn every species into
signals of the same meaning. Then modules that share only signals and fuels stay correct together.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping

from dsd.errors import StrandgradError
from dsd.network import Reaction, describe

Multiset = tuple[str, ...]
"""Names with repetition, sorted."""

MAX_STATES = 20_000
"""States of one permissive search; a gate module needs tens."""


def without(reactions: Iterable[Reaction], fuels: Iterable[str]) -> tuple[Reaction, ...]:
    """The reactions with ``fuels`` taken out on both sides (they are always there), unchanging ones dropped."""
    hidden = frozenset(fuels)
    bare = (
        Reaction(tuple(x for x in r.reactants if x not in hidden), tuple(x for x in r.products if x not in hidden), r.k)
        for r in reactions
    )
    return tuple(r for r in bare if sorted(r.reactants) != sorted(r.products))


def counterexample(
    formal: Iterable[Reaction],
    implementation: Iterable[Reaction],
    interpretation: Mapping[str, Multiset],
    signals: Iterable[str] = (),
) -> str:
    """Why ``interpretation`` is not a CRN bisimulation, as one sentence; ``""`` if it is one.

    Fuels are to be removed first (:func:`without`). Species without an entry mean nothing. ``signals``
    are the species that modules share; without them modularity is not asked for. Raises :class:`StrandgradError`
    where a search exceeds :data:`MAX_STATES` states.
    """
    formal, implementation = tuple(formal), tuple(implementation)
    species = sorted({x for r in implementation for x in r.species})
    meaning = {x: tuple(sorted(interpretation.get(x, ()))) for x in species}
    return (
        _not_atomic(formal, meaning)
        or _not_delimiting(formal, implementation, meaning)
        or _not_permissive(formal, implementation, meaning)
        or _not_modular(implementation, meaning, frozenset(signals))
    )


def means(state: Iterable[str], interpretation: Mapping[str, Multiset]) -> Multiset:
    """The formal multiset of an implementation state."""
    return tuple(sorted(f for x in state for f in interpretation.get(x, ())))


def _not_atomic(formal: tuple[Reaction, ...], meaning: Mapping[str, Multiset]) -> str:
    wanted = sorted({x for r in formal for x in r.species})
    single = {m[0] for m in meaning.values() if len(m) == 1}
    missing = [x for x in wanted if x not in single]
    return f"no species means exactly {missing[0]}" if missing else ""


def _not_delimiting(
    formal: tuple[Reaction, ...], implementation: tuple[Reaction, ...], meaning: Mapping[str, Multiset]
) -> str:
    allowed = {(tuple(sorted(r.reactants)), tuple(sorted(r.products))) for r in formal}
    for r in implementation:
        before, after = means(r.reactants, meaning), means(r.products, meaning)
        if before != after and (before, after) not in allowed:
            return f"{describe(r)} means {_arrow(before, after)}, which is no formal reaction"
    return ""


def _not_permissive(
    formal: tuple[Reaction, ...], implementation: tuple[Reaction, ...], meaning: Mapping[str, Multiset]
) -> str:
    sides = [(means(r.reactants, meaning), means(r.products, meaning), r) for r in implementation]
    for f in formal:
        goal = tuple(sorted(f.reactants)), tuple(sorted(f.products))
        firing = [Counter(r.reactants) for before, after, r in sides if (before, after) == goal]
        for start in _minimal_states(goal[0], meaning):
            states = _silently(start, implementation, meaning)
            if not any(not needed - state for state in states for needed in firing):
                return f"from {{{', '.join(start)}}}, which means {_sum(goal[0])}, {_arrow(*goal)} cannot happen"
    return ""


def _not_modular(implementation: tuple[Reaction, ...], meaning: Mapping[str, Multiset], signals: frozenset[str]) -> str:
    if not signals:
        return ""
    for x, m in meaning.items():
        states = _silently((x,), implementation, meaning)
        if m and not any(all(y in signals or not meaning[y] for y in state) for state in states):
            return f"{x} means {_sum(m)} but cannot turn into signals that do"
    return ""


def _silently(
    start: Multiset, implementation: tuple[Reaction, ...], meaning: Mapping[str, Multiset]
) -> Iterator[Counter[str]]:
    """States that steps which mean nothing lead to, breadth first, from ``start`` on.

    More copies of a meaningless species than steps can take at once enable nothing more within a module, so they are
    capped: a state found is reachable for certain, since more copies never disable a step.
    """
    silent = [r for r in implementation if means(r.reactants, meaning) == means(r.products, meaning)]
    cap = 2 * max((r.order for r in implementation), default=1)
    seen, queue = {start}, deque([start])
    while queue:
        state = Counter(queue.popleft())
        yield state
        for r in silent:
            if Counter(r.reactants) - state:
                continue
            after = state - Counter(r.reactants) + Counter(r.products)
            capped = Counter({x: n if meaning[x] else min(n, cap) for x, n in after.items()})
            found = tuple(sorted(capped.elements()))
            if found not in seen:
                seen.add(found)
                queue.append(found)
        if len(seen) > MAX_STATES:
            raise StrandgradError(f"more than {MAX_STATES} states from {', '.join(start)}; check a smaller module")


def _minimal_states(wanted: Multiset, meaning: Mapping[str, Multiset]) -> list[Multiset]:
    """Every state that means at least ``wanted`` and would not without any one of its species, sorted."""
    need = Counter(wanted)
    covering = {tuple(sorted(s)) for s in _covers(need, meaning)}

    def enough(state: Multiset) -> bool:
        return not need - Counter(means(state, meaning))

    return sorted(s for s in covering if not any(enough(s[:i] + s[i + 1 :]) for i in range(len(s))))


def _covers(need: Counter[str], meaning: Mapping[str, Multiset]) -> Iterator[Multiset]:
    """States built by adding, for the first formal species still needed, any species that means some of it."""
    if not need:
        yield ()
        return
    first = min(need)
    for x, m in meaning.items():
        if first in m:
            for rest in _covers(need - Counter(m), meaning):
                yield (x, *rest)


def _sum(multiset: Multiset) -> str:
    return " + ".join(multiset) or "nothing"


def _arrow(before: Multiset, after: Multiset) -> str:
    return f"{' + '.join(before)} -> {' + '.join(after)}".strip()
