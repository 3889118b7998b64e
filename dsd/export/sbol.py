"""System with sequences -> SBOL3: a DNA component a strand with its domains as features, and the gates made of them.

SBOL 3.1 (Buecherl et al., J. Integr. Bioinform. 20:20220058, 2023) through pySBOL3, as sorted N-triples, so that the
same design gives the same file.
"""

from __future__ import annotations

from typing import Any

from dsd.domains import Duplex
from dsd.export.names import identifiers
from dsd.kernel import print_kernel
from dsd.optional import optional
from dsd.sequences.record import Sequences
from dsd.system import Strand, System

NAMESPACE = "https://strandgrad.example"
"""Prefix of every identity; ``.example`` is reserved (RFC 2606), so it can never be somebody's."""

COMPLEX = "https://identifiers.org/SBO:0000253"
"""SBO: non-covalent complex."""

DOMAIN = "https://identifiers.org/SO:0000001"
"""Sequence Ontology: region."""


def sbol(system: System, name: str, sequences: Sequences) -> str:
    """The document as N-triples, sorted."""
    sbol3 = optional("sbol3", "export")
    title = identifiers([name])[name]
    namespace = f"{NAMESPACE}/{title}"
    document = sbol3.Document()
    word = identifiers([s.name for s in system.strands] + [c.name for c in system.complexes])
    place = {name: f"{namespace}/{w}" for name, w in word.items()}
    made = {s.domains: _strand(sbol3, system, s, namespace, sequences, place[s.name]) for s in system.strands}
    # Not by add(), which looks through all objects for a clash each time; these names are distinct.
    document.objects.extend(part for pair in made.values() for part in pair)
    for c in system.complexes:
        parts = [sbol3.SubComponent(made[domains][0]) for domains in c.strands]
        shape = c.duplex if isinstance(c.shape, Duplex) else print_kernel(c.shape)
        about = f"{c.role}: {shape}; {c.initial!r} nM"
        facts = {"namespace": namespace, "name": c.name, "description": about}
        document.objects.append(sbol3.Component(place[c.name], [COMPLEX], features=parts, **facts))
    text: str = document.write_string(sbol3.SORTED_NTRIPLES)
    return text


def _strand(
    sbol3: Any, system: System, strand: Strand, namespace: str, sequences: Sequences, identity: str
) -> tuple[Any, Any]:
    """Component and sequence of a strand; its domains lie one behind the other, counted from 1."""
    bases = sequences.spell(strand.domains)
    sequence = sbol3.Sequence(
        f"{identity}_sequence", elements=bases, encoding=sbol3.IUPAC_DNA_ENCODING, namespace=namespace
    )
    features, at = [], 1
    for d in strand.domains:
        end = at + system.lengths[d.rstrip("*")] - 1
        features.append(sbol3.SequenceFeature([sbol3.Range(sequence, at, end)], name=d, roles=[DOMAIN]))
        at = end + 1
    component = sbol3.Component(
        identity, [sbol3.SBO_DNA], sequences=[sequence], features=features, namespace=namespace,
        name=strand.name, description=f"{strand.role} strand; {strand.initial!r} nM free",
    )  # fmt: skip
    return component, sequence
