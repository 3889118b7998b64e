"""Fuzz one text format: ``python tests/fuzz/fuzz.py crn --seconds 600``.

A third of the time Hypothesis draws texts near the format, in the rest Atheris mutates texts by the code they reach.
Without Atheris (``pip install 'strandgrad[test]'`` brings it where it exists) all of it is Hypothesis', and the line
with the counts says so. A finding is printed and kept beside the seeds as ``corpus/TARGET/found-*``, from where
``test_corpus.py`` tries it ever after; the exit code is 1 if there was one.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import sys
import time
import traceback
from importlib.util import find_spec
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

CORPUS = Path(__file__).parent / "corpus"


class Session:
    """Counts of one run, and its findings, one for each place in the code that they come from."""

    def __init__(self, target: str, keep: Path) -> None:
        self.target, self.keep = target, keep
        self.run = self.read = 0
        self.findings: set[str] = set()

    def attempt(self, text: str) -> None:
        """Try one text."""
        from fuzz_targets import accepted

        self.run += 1
        try:
            self.read += accepted(self.target, text)
        except Exception as error:
            frames = traceback.extract_tb(error.__traceback__)
            own = [f for f in frames if "/dsd/" in f.filename or "/compiler/" in f.filename] or frames
            where = f"{type(error).__name__} {own[-1].filename}:{own[-1].lineno}"
            if where not in self.findings:
                self.findings.add(where)
                self._report(text, where)

    def _report(self, text: str, where: str) -> None:
        data = text.encode("utf-8", "surrogatepass")
        file = self.keep / f"found-{hashlib.sha256(data).hexdigest()[:12]}"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
        print(f"{self.target}: finding in {file}\n{traceback.format_exc()}", flush=True)

    def summary(self, engine: str, seconds: float) -> str:
        """One line: ``crn, hypothesis: 12345 inputs in 200 s, 678 of them read, 0 findings``."""
        return (
            f"{self.target}, {engine}: {self.run} inputs in {seconds:.0f} s, {self.read} of them read, "
            f"{len(self.findings)} findings"
        )


def with_hypothesis(session: Session, seconds: float, seed: int) -> None:
    """Draw texts until the time is over, in batches, each with a seed of its own."""
    from fuzz_grammars import texts
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import seed as seeded

    begun = time.monotonic()
    quiet = settings(
        max_examples=200, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip

    def attempt(text: str) -> None:
        if time.monotonic() - begun < seconds:
            session.attempt(text)

    while time.monotonic() - begun < seconds:
        seeded(seed)(quiet(given(texts(session.target))(attempt)))()
        seed += 1
    print(session.summary("hypothesis", time.monotonic() - begun), flush=True)


def with_atheris(session: Session, seconds: float, seed: int) -> None:
    """Mutate the corpus by coverage until the time is over; does not return, for libFuzzer owns the process."""
    import atheris

    begun = time.monotonic()

    def attempt(data: bytes) -> None:
        if time.monotonic() - begun >= seconds:
            print(session.summary("atheris", time.monotonic() - begun), flush=True)
            rmtree(folder, ignore_errors=True)
            os._exit(1 if session.findings else 0)
        session.attempt(data.decode("utf-8", "ignore"))

    from fuzz_grammars import NAMES, NUMBERS, STATEMENTS, TOKENS

    folder = Path(mkdtemp(prefix="strandgrad-fuzz-"))
    words = [*TOKENS.get(session.target, ()), *STATEMENTS.get(session.target, ()), *NUMBERS, *NAMES]
    lines = ['"' + "".join(f"\\x{b:02x}" for b in word.encode()[:60]) + '"' for word in dict.fromkeys(words) if word]
    (folder / "words").write_text("\n".join(lines) + "\n")
    (folder / "grown").mkdir()
    arguments = [
        sys.argv[0], str(folder / "grown"), str(CORPUS / session.target), f"-dict={folder / 'words'}",
        f"-seed={seed + 1}", "-timeout=0", "-rss_limit_mb=2048", "-max_len=4096", "-verbosity=0",
        "-print_final_stats=0",
    ]  # fmt: skip
    atheris.Setup(arguments, attempt)
    atheris.Fuzz()


def main() -> int:
    """Fuzz one target."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", choices=["crn", "kernel", "pil", "design", "dynamics"])
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**31))
    parser.add_argument("--keep", type=Path, help="Folder for findings. [default: the corpus]")
    given = parser.parse_args()
    print(f"{given.target}: seed {given.seed}", flush=True)
    guided = find_spec("atheris") is not None
    if guided:
        import atheris

        with atheris.instrument_imports(include=["dsd", "compiler"], enable_loader_override=False):
            import fuzz_targets
    else:
        import fuzz_targets
    fuzz_targets.limit_memory()
    keep = given.keep or CORPUS / given.target
    first = Session(given.target, keep)
    with_hypothesis(first, given.seconds / (3 if guided else 1), given.seed)
    if not guided:
        print(f"{given.target}: Atheris is not installed, so nothing was guided by coverage", flush=True)
        return 1 if first.findings else 0
    second = Session(given.target, keep)
    second.findings |= first.findings
    with_atheris(second, given.seconds * 2 / 3, given.seed)
    return 1


if __name__ == "__main__":
    sys.exit(main())
