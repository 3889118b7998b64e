"""SUNDIALS CVODE with the sparse solver KLU, as C calls it: the yardstick of what compiled code can do.

In: compiled kinetics, an initial state, sample times. Out: samples and CPU seconds. Needs a C compiler and the headers
of SUNDIALS with KLU (Debian: gcc, libsundials-dev); ImportError where they are missing.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dsd.kinetics import MassAction

Floats = NDArray[np.float64]

LIBRARIES = ("sundials_cvode", "sundials_nvecserial", "sundials_sunlinsolklu", "sundials_sunmatrixsparse", "klu", "m")
MAX_STEPS = 20_000
LIMIT_S = 600
"""Seconds after which a run is stopped in any case."""


class Klu:
    """The compiled program and its network, in a folder that lives as long as this does."""

    def __init__(self, kinetics: MassAction, start: Sequence[float], times: Floats) -> None:
        self._folder = tempfile.TemporaryDirectory()
        folder = Path(self._folder.name)
        self.program, self.network, self.out = folder / "cvode_klu", folder / "network.txt", folder / "samples"
        self.samples, self.size = len(times), kinetics.size
        compile_program(self.program)
        self.network.write_text(network_text(kinetics, start, float(times[-1])))

    def run(self, rtol: float, atol: float) -> tuple[Floats, float]:
        """Samples (S, N), and the CPU seconds of the integration, without reading the network."""
        arguments = [self.program, self.network, repr(rtol), repr(atol), self.samples, MAX_STEPS, self.out]
        done = subprocess.run([str(a) for a in arguments], capture_output=True, text=True, timeout=LIMIT_S, check=False)
        if done.returncode:
            raise RuntimeError(f"CVODE gave up (exit code {done.returncode})")
        return np.fromfile(self.out).reshape(self.samples, self.size), float(done.stdout.split()[0])


def compile_program(program: Path) -> None:
    """Compile the C program to ``program``."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        raise ImportError("there is no C compiler")
    source = files("compiler.bench").joinpath("cvode_klu.c").read_text()
    command = [compiler, "-O3", "-march=native", "-I/usr/include/suitesparse", "-x", "c", "-", "-o", str(program)]
    made = subprocess.run(
        [*command, *(f"-l{n}" for n in LIBRARIES)], input=source, capture_output=True, text=True, check=False
    )
    if made.returncode:
        first = next((line for line in made.stderr.splitlines() if "error" in line), "it does not compile")
        raise ImportError(f"no SUNDIALS with KLU ({first.strip()})")


def network_text(m: MassAction, start: Sequence[float], end: float) -> str:
    """The network as the program reads it; its first lines say how."""
    lines = [f"{m.size} {m.k.size} {end!r} {m.r_idx.size} {m.s_idx.size}", " ".join(map(repr, start))]
    r_ptr, s_ptr = m.r_ptr.tolist(), m.s_ptr.tolist()
    r_idx, changes = m.r_idx.tolist(), list(zip(m.s_idx.tolist(), m.s_val.tolist(), strict=True))
    for j, k in enumerate(m.k.tolist()):
        reactants, net = r_idx[r_ptr[j] : r_ptr[j + 1]], changes[s_ptr[j] : s_ptr[j + 1]]
        numbers = [repr(k), len(reactants), *reactants, len(net), *(x for pair in net for x in pair)]
        lines.append(" ".join(map(str, numbers)))
    return "\n".join(lines) + "\n"
