"""Kill long commands at random moments: ``python tests/soak/soak.py --kills 56 --seed 1``.

Each command is first run undisturbed. Then it is run again in another folder, killed by SIGKILL at moments drawn from
the seed (half of the time the whole process group, half of the time the command alone, as the kernel does when memory
runs out), and begun again as its user would, until it ends by itself. After every kill each file that has its final
name must be whole, and no progress lost; at the end all must be as in the undisturbed run, bit for bit, but for
durations. Prints the counts; the exit code is 1 if anything was lost.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from soak_drills import Drill, check_files, content, drills, progress

PATIENCE_S = 60.0
"""How long the workers of a killed command may take to notice it."""


class Soak:
    """Counts: ``kills``, ``resumed`` those that left files to go on from, ``files`` read after kills, ``rounds``."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder, self.random = folder, random.Random(seed)
        self.kills = self.files = self.resumed = self.rounds = 0

    def drill(self, drill: Drill, kills: int) -> str:
        """Kill one command so many times; returns one line of counts."""
        begun = time.monotonic()
        whole = self.folder / f"{drill.name}-whole"
        _run(drill, whole, None)
        duration = time.monotonic() - begun
        expected, before, rounds = content(whole), self.kills, 0
        while self.kills - before < kills:
            rounds += 1
            folder = self.folder / f"{drill.name}-{rounds}"
            self._round(drill, folder, duration, kills - (self.kills - before))
            _compare(expected, content(folder))
        self.rounds += rounds
        return f"{drill.name}: {kills} kills in {rounds} runs, undisturbed {duration:.1f} s; each ended as it should"

    def _round(self, drill: Drill, folder: Path, duration: float, most: int) -> None:
        """One run, killed again and again, at most three times as often as it takes to end."""
        reached: Mapping[str, int] = {}
        for attempt in range(most + 1):
            # Progress comes with patience: the later attempts are left more time, so that a run ends.
            moment = self.random.uniform(0.1, 1 + attempt / 4) * duration if attempt < most else None
            killed, said = _run(drill, folder, moment, alone=self.random.random() < 0.5)
            if not killed:
                check_files(folder)
                return
            self.kills += 1
            self.files += check_files(folder)
            now = progress(folder, said)
            lost = [name for name, n in reached.items() if now.get(name, n) < n]
            if lost:
                raise AssertionError(f"{drill.name}: {lost[0]} fell from {reached[lost[0]]} to {now[lost[0]]}")
            self.resumed += any(folder.rglob("*"))
            reached = now


def _run(drill: Drill, folder: Path, moment: float | None, alone: bool = False) -> tuple[bool, str]:
    """Run the command, kill it after ``moment`` seconds; returns whether it was killed, and what it said."""
    command = [sys.executable, "-m", "compiler.cli", *drill.arguments(folder)]
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True,
        env={**os.environ, "MPLBACKEND": "Agg", "OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    try:
        _, said = process.communicate(timeout=moment)
    except subprocess.TimeoutExpired:
        os.kill(process.pid, signal.SIGKILL) if alone else os.killpg(process.pid, signal.SIGKILL)
        _, said = process.communicate()  # ends when the last worker has let go of the pipe
        _wait_for_workers(process.pid)
        return True, said
    if process.returncode:
        raise AssertionError(f"{' '.join(command)} ended with {process.returncode}:\n{said}")
    return False, said


def _wait_for_workers(group: int) -> None:
    """Wait until the process group is empty; workers must notice that their parent has gone."""
    end = time.monotonic() + PATIENCE_S
    with suppress(ProcessLookupError):
        while time.monotonic() < end:
            os.killpg(group, 0)
            time.sleep(0.05)
        os.killpg(group, signal.SIGKILL)
        raise AssertionError(f"workers outlived their parent by {PATIENCE_S:g} s")


def _compare(expected: Mapping[str, object], found: Mapping[str, object]) -> None:
    if set(expected) != set(found):
        raise AssertionError(f"other files than in an undisturbed run: {sorted(set(expected) ^ set(found))}")
    for name, said in expected.items():
        if found[name] != said:
            raise AssertionError(f"{name} differs from that of an undisturbed run")


def main(arguments: Sequence[str] | None = None) -> int:
    """Drill the commands, print the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=56, help="In all, shared out evenly.")
    parser.add_argument("--drills", default="formal,clocked,dsd,compare,sweep,bench,export")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    names = given.drills.split(",")
    with TemporaryDirectory(prefix="strandgrad-soak-") as folder:
        soak, known, failed = Soak(Path(folder), given.seed), drills(Path(folder)), 0
        for i, name in enumerate(names):
            share = given.kills // len(names) + (i < given.kills % len(names))
            try:
                print(soak.drill(known[name], share), flush=True)
            except AssertionError:
                failed += 1
                print(f"{name}: FAILED\n{traceback.format_exc()}", flush=True)
    print(
        f"{soak.kills} kills in {soak.rounds} runs of {len(names)} commands (seed {given.seed}), {soak.resumed} of "
        f"them when there were files already; {soak.files} files read after kills; {failed} commands failed"
    )
    return 1 if failed or soak.kills < given.kills else 0


if __name__ == "__main__":
    sys.exit(main())
