"""System -> the gate graph as GraphML: which strands each gate takes, and which it lets go.

Nodes are the gates and the strands they meet; an edge strand -> gate means that some form of the gate binds the
strand, gate -> strand that the strand was in the gate and some step frees it. Cytoscape, Gephi and networkx read it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsd.closure import Closure
from dsd.optional import optional
from dsd.sequences.record import Sequences
from dsd.system import System

if TYPE_CHECKING:
    import networkx as nx


def gate_graph(system: System) -> nx.DiGraph[str]:
    """The graph. Nodes have ``kind`` (gate or strand), ``role``, ``initial_nM`` and ``domains``, edges ``kind``.

    A gate also has ``reaction``, the text of the reaction it serves.
    """
    networkx = optional("networkx", "export")
    graph: nx.DiGraph[str] = networkx.DiGraph()
    texts = {gate: m.text for m in system.modules for gate in m.gates}
    for c in system.complexes:
        graph.add_node(
            c.name,
            kind="gate",
            role=c.role,
            initial_nM=c.initial,
            domains=str(c.duplex),
            reaction=texts.get(c.name, ""),
        )
    for step in (closure := Closure(system)).steps:
        gate = system.complexes[closure.root[step.before]]
        held = {top.domains for top in gate.duplex.tops}
        taken = [(step.strand, "takes")] if step.strand not in held else []
        for domains, kind in (*taken, *((f, "frees") for f in step.freed if f in held)):
            strand = system.strand_of[domains]
            graph.add_node(
                strand.name, kind="strand", role=strand.role, initial_nM=strand.initial, domains=" ".join(domains)
            )
            pair = (strand.name, gate.name) if kind == "takes" else (gate.name, strand.name)
            graph.add_edge(*pair, kind=kind)
    return graph


def graphml(system: System, name: str = "network", sequences: Sequences | None = None) -> str:
    """GraphML text of :func:`gate_graph`, ending in a newline."""
    networkx = optional("networkx", "export")
    graph = gate_graph(system)
    graph.graph["name"] = name
    return "\n".join(networkx.generate_graphml(graph)) + "\n"
