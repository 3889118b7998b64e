"""Chemical circuits that learn, as their authors published them, and ours beside them.

Numbers stand here only where the work states them (or its abstract, where the text says so); None is "not published"
as far as could be found. ``shown`` says what was demonstrated, and where.
"""

from __future__ import annotations

from dataclasses import dataclass

from compiler import pipeline
from compiler.design import Design
from dsd.size import size


@dataclass(frozen=True, slots=True)
class Work:
    """A circuit: formal ``species`` and ``reactions``, ``strands`` and ``nucleotides`` of its DNA, what it showed."""

    name: str
    reference: str
    species: int | None
    reactions: int | None
    strands: int | None
    nucleotides: int | None
    shown: str


LITERATURE = (
    Work("WLP, WRP", "Banda 2013", None, None, None, None, "14 of 14 linearly separable functions; simulated"),
    Work("AASP", "Banda & Teuscher 2014, arXiv:1404.0427", 17, 18, None, None, "linear, quadratic; simulated"),
    Work("four-domain", "Lakin & Stefanovic 2015, DNA21", None, None, None, None, "linear, by gradient; DSD simulated"),
    Work("", "Chiang, Jiang & Fages 2015, EMBC", None, None, None, None, "classification; DSD simulated"),
    Work("", "Blount 2017", None, None, None, None, "XOR, in compartments; simulated"),
    Work("DNA neuron", "Fil, Dalchau & Chu 2022", None, None, None, None, "Hebbian, 3 inputs; two-domain, simulated"),
    Work("", "Arredondo & Lakin 2023, TNNLS 34:7734", None, None, None, None, "16 two-input functions; simulated"),
    Work("", "Lakin 2023, Artif. Life 29:308", None, None, None, None, "XOR, external protocol; simulated"),
    Work("", "Fan, Gao & Dochain 2024, arXiv:2401.07077", None, None, None, None, "backpropagation, clocked; analysed"),
    Work("LR-NCRN", "Nagipogu & Reif 2024, arXiv:2409.00034", 17, 14, None, None, "two-input linear; simulated"),
    Work("LR-NCRN, minimal", "Nagipogu & Reif 2024, arXiv:2409.00034", 15, 13, None, None, "the same, no bias"),
    Work(
        "", "Cherry & Qian 2025, Nature 645:639", None, None, 1000, None, "100-bit patterns; in vitro (news: > 1,000)"
    ),
)
"""The works, by year; species of the paper's own circuits include the two of its clock."""

DEFAULTS = ("linreg2d", "linreg2d-minimal")
"""Our designs that are compared where none is named."""


def ours(design: Design) -> Work:
    """A design of ours in the same terms; raises :class:`MappingError` where it has no DNA."""
    formal, system = pipeline.formal(design).network, pipeline.dsd(design).system
    dna = size(system)
    shown = "clocked, in one pot; DSD simulated"
    return Work(
        design.name, "this design; species without its clock", len(formal.species), len(formal.reactions),
        dna.distinct_strands, dna.nucleotides, shown,
    )  # fmt: skip
