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
    Work("WLP, WRP", "Banda et al. 2013", None, None, None, None, "14 of 14 linearly separable functions; formal CRN"),
    Work("AASP", "Banda & Teuscher 2014, arXiv:1404.0427", 17, 18, None, None, "two-input linear, quadratic; formal CRN"),
    Work(
        "buffered four-domain gates", "Lakin & Stefanovic 2015, DNA21; 2016, ACS Synth. Biol. 5:885",
        None, None, None, None, "linear functions by gradient descent; DSD simulated",
    ),
    Work("", "Chiang, Jiang & Fages 2015, EMBC", None, None, None, None, "classification; DSD simulated"),
    Work("", "Blount et al. 2017", None, None, None, None, "XOR, in compartments; formal CRN"),
    Work(
        "", "Arredondo & Lakin 2023, IEEE TNNLS 34:7734", None, None, None, None,
        "all 16 two-input functions, weight perturbation, clocked; formal CRN",
    ),
    Work(
        "", "Lakin 2023, Artif. Life 29:308", None, None, None, None,
        "XOR, backpropagation under an external protocol; formal CRN",
    ),
    Work(
        "DNA neuron", "Fil, Dalchau & Chu 2022", None, None, None, None, "Hebbian learning of 3 inputs; two-domain DSD simulated"
    ),
    Work("", "Fan, Gao & Dochain 2024, arXiv:2401.07077", None, None, None, None, "backpropagation, clocked; formal CRN"),
    Work(
        "LR-NCRN", "Nagipogu & Reif 2024, arXiv:2409.00034", 17, 14, None, None, "two-input linear regression; formal CRN"
    ),
    Work("LR-NCRN, minimal", "Nagipogu & Reif 2024, arXiv:2409.00034", 15, 13, None, None, "the same without bias"),
    Work(
        "winner-take-all, learning", "Cherry & Qian 2025, Nature 645:639", None, None, 1000, None,
        "patterns of 100 bits, in vitro; 'more than 1,000' kinds of DNA in news reports",
    ),
)  # fmt: skip


def ours(design: Design) -> Work:
    """A design of ours in the same terms; raises :class:`MappingError` where it has no DNA."""
    formal, system = pipeline.formal(design).network, pipeline.dsd(design).system
    dna = size(system)
    shown = f"compiled, clocked, in one pot: {dna.signal_strands} signals, {dna.gate_complexes} gates; DSD simulated"
    return Work(
        design.name, "this design", len(formal.species), len(formal.reactions),
        dna.distinct_strands, dna.nucleotides, shown,
    )  # fmt: skip
