"""Closure of a system under the displacement rule: every complex, free strand and step that can arise.

In: a :class:`System`. Out: a :class:`Closure`. The work grows with the number of steps found, not with the number of
pairs of parts.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from dsd.displacement import Step, displace, landing, matches
from dsd.domains import Duplex, Sequence
from dsd.errors import InputError
from dsd.system import FUELS, System


class Closure:
    """All duplexes, strands and steps reachable from a system, in order of discovery.

    Duplexes wait under the two domains that an incoming strand must end with, and strands are filed under the two
    domains they end with, so a new part only meets the parts it can react with.
    """

    def __init__(self, system: System) -> None:
        self.system = system
        self.root: dict[Duplex, int] = {c.duplex: i for i, c in enumerate(system.complexes)}
        self.free: dict[Sequence, None] = {}
        self.found: list[Step] = []
        self._waiting: dict[tuple[bool, str, str], list[tuple[Duplex, int]]] = {}
        self._filed: dict[tuple[bool, str, str], list[Sequence]] = {}
        self._queue: deque[Duplex | Sequence] = deque(self.root)
        for s in system.strands:
            if s.initial > 0 or s.role == "signal" or s.role in FUELS:
                self._release(s.domains)
        self._toeless()
        while self._queue:
            part = self._queue.popleft()
            if isinstance(part, Duplex):
                self._file_duplex(part)
            else:
                self._file_strand(part)
        self.steps = sorted(self.found, key=lambda step: self.root[step.before])

    def _release(self, strand: Sequence) -> None:
        if strand not in self.free:
            self.free[strand] = None
            self._queue.append(strand)

    def _file_duplex(self, duplex: Duplex) -> None:
        for p in duplex.exposed:
            for key in _keys_at(duplex, p):
                self._waiting.setdefault(key, []).append((duplex, p))
                for strand in self._filed.get(key, ()):
                    self._meet(duplex, p, strand, key[0])

    def _file_strand(self, strand: Sequence) -> None:
        if len(strand) < 2:
            return
        for key in ((True, strand[0], strand[1]), (False, strand[-1], strand[-2])):
            self._filed.setdefault(key, []).append(strand)
            for duplex, p in self._waiting.get(key, ()):
                self._meet(duplex, p, strand, key[0])

    def _meet(self, duplex: Duplex, p: int, strand: Sequence, rightwards: bool) -> None:
        """Strand and duplex share an exposed toehold at ``p``: add the step, if there is one."""
        offset = p if rightwards else p - len(strand) + 1
        if duplex.bottom[p] not in self.system.toeholds or not matches(duplex, strand, offset):
            return
        if not rightwards and offset in duplex.exposed:
            return  # both ends land; the other end has found this step
        self._add(duplex, strand, offset, landing(duplex, strand, offset, self.system.lengths))

    def _add(self, duplex: Duplex, strand: Sequence, offset: int, n: int) -> None:
        step = displace(duplex, strand, offset, self.system.toeholds)
        if step is None:
            return
        lengths, toeholds = self.system.lengths, self.system.toeholds
        long_nt = next((lengths[d] for d in strand if d not in toeholds), 0)
        step = step._replace(n=n, m=self._return(step), long_nt=long_nt)
        self.found.append(step)
        if step.after not in self.root:
            self.root[step.after] = self.root[duplex]
            self._queue.append(step.after)
        for freed in step.freed:
            self._release(freed)

    def _return(self, step: Step) -> int:
        """Toehold length by which the one strand that left comes back, undoing the step; 0 if it cannot."""
        if len(step.freed) != 1:
            return 0
        (left,) = step.freed
        offset = next(top.offset for top in step.before.tops if top not in step.after.tops)
        back = displace(step.after, left, offset, self.system.toeholds)
        if back is None or back.after != step.before:
            return 0
        return landing(step.after, left, offset, self.system.lengths)

    def _toeless(self) -> None:
        """The steps of the pairs that need no toehold."""
        strands = {s.name: s.domains for s in self.system.strands}
        complexes = {c.name: c.duplex for c in self.system.complexes}
        for name, gate in self.system.toeless:
            strand, duplex = strands[name], complexes[gate]
            if strand not in self.free:
                continue  # there is none of it
            offsets = [p for p in range(len(duplex.bottom)) if matches(duplex, strand, p)]
            if len(offsets) != 1:
                raise InputError(f"{name} matches {gate} in {len(offsets)} places; a toeless pair must match in one")
            self._add(duplex, strand, offsets[0], 0)


def _keys_at(duplex: Duplex, p: int) -> Iterator[tuple[bool, str, str]]:
    """Domains that a strand binding at ``p`` starts with (rightwards) or ends with."""
    bottom = duplex.bottom
    if p + 1 < len(bottom):
        yield True, bottom[p], bottom[p + 1]
    if p > 0:
        yield False, bottom[p], bottom[p - 1]
