"""Build sdist and wheel, install the wheel in clean environments, and use it: ``make wheels``.

In: Python interpreters. Those that are not there are named and left out. Out: a line for each; the exit code is 1 if
one failed, or none was there. In each environment, outside of the checkout, the command says its version, compiles a
design to DNA, and trains an epoch of the formal network and of the DNA.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[2]

DESIGN = """\
[design]
name = "wheel"

[data]
generator = "linreg"
n_train = 3
n_validation = 3
n_test = 3

[model]
dynamics = "theta*x"
T = 0.5
learning_rate = 0.01

[model.parameters]
theta = [1.0, 1.0]

[training]
epochs = 1
"""


def built(folder: Path) -> Path:
    """Build both from the files that git knows, the wheel out of the sdist; returns the wheel."""
    _run([sys.executable, "-m", "build", "--outdir", str(folder), str(ROOT)], folder)
    (wheel,), (sdist,) = folder.glob("*.whl"), folder.glob("*.tar.gz")
    print(f"built {sdist.name} ({sdist.stat().st_size // 1024} KiB), {wheel.name} ({wheel.stat().st_size // 1024} KiB)")
    return wheel


def checked(python: str, wheel: Path, folder: Path) -> str:
    """Install the wheel for one interpreter and use it; returns a line on how it went."""
    begun = time.monotonic()
    _run([python, "-m", "venv", str(folder / "venv")], folder)
    binaries = folder / "venv" / "bin"
    _run([str(binaries / "pip"), "install", "--quiet", "--disable-pip-version-check", str(wheel)], folder)
    (folder / "wheel").mkdir()
    (folder / "wheel" / "design.toml").write_text(DESIGN)
    command = str(binaries / "strandgrad")
    version = _run([command, "--version"], folder)
    text = _run([command, "compile", "linreg2d", "--to", "dsd"], folder)
    if "length t = 5 #: toehold" not in text:
        raise RuntimeError("the compiled design has no toehold")
    for level in ("formal", "dsd"):
        _run([command, "train", "wheel", "--level", level, "-o", f"out/{level}"], folder)
        lines = (folder / f"out/{level}/{level}-weights.csv").read_text().splitlines()
        if len(lines) < 3:
            raise RuntimeError(f"level {level} left {len(lines)} lines of weights")
    return f"{version.strip()}, one epoch at formal and dsd, {time.monotonic() - begun:.0f} s"


def _run(command: list[str], folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def main() -> int:
    """Build, install, use; print how it went."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pythons", nargs="+", help="Names or paths of interpreters.")
    given, passed, failed = parser.parse_args(), 0, 0
    with TemporaryDirectory(prefix="strandgrad-wheels-") as name:
        wheel = built(Path(name))
        for i, python in enumerate(given.pythons):
            if shutil.which(python) is None:
                print(f"{python}: not here, left out")
                continue
            folder = Path(name) / str(i)
            folder.mkdir()
            try:
                print(f"{python}: {checked(python, wheel, folder)}", flush=True)
                passed += 1
            except RuntimeError as error:
                print(f"{python}: FAILED: {error}", flush=True)
                failed += 1
    print(f"{passed} passed, {failed} failed")
    return 0 if passed and not failed else 1


if __name__ == "__main__":
    sys.exit(main())
