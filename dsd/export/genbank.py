"""System with sequences -> GenBank: one record a strand, 5' to 3', its domains as features.

Written through Biopython. The date is fixed, so that the same design gives the same file.
"""

from __future__ import annotations

from io import StringIO

from dsd.optional import optional
from dsd.sequences.record import Sequences
from dsd.system import Strand, System

DATE = "01-JAN-1980"


def genbank(system: System, name: str, sequences: Sequences) -> str:
    """The text of all records, in the order of the strands."""
    io = optional("Bio.SeqIO", "export")
    out = StringIO()
    io.write([_record(system, s, name, sequences) for s in system.strands], out, "genbank")
    return out.getvalue()


def _record(system: System, strand: Strand, name: str, sequences: Sequences) -> object:
    seq, record, feature = (optional(f"Bio.{m}", "export") for m in ("Seq", "SeqRecord", "SeqFeature"))
    features, at = [], 0
    for d in strand.domains:
        end = at + system.lengths[d.rstrip("*")]
        kind = "toehold" if d.rstrip("*") in system.toeholds else "domain"
        where = feature.FeatureLocation(at, end, strand=1)
        features.append(feature.SeqFeature(where, type="misc_feature", qualifiers={"label": [d], "note": [kind]}))
        at = end
    notes = {"molecule_type": "ss-DNA", "topology": "linear", "data_file_division": "SYN", "date": DATE}
    text = f"{strand.role} strand {' '.join(strand.domains)} of {name}"
    return record.SeqRecord(
        seq.Seq(sequences.spell(strand.domains)),
        id=strand.name, name=strand.name, description=text, annotations=notes, features=features,
    )  # fmt: skip
