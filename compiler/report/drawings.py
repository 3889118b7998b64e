"""Pictures of the circuit and of a few gates, from the machinery of ``strandgrad draw``.

In: a network, or a lowered system. Out: JSON-ready records with the SVG, or the ``reason`` why there is none.
"""

from __future__ import annotations

from base64 import b64encode

from compiler.pipeline import Lowered
from dsd.errors import InputError
from dsd.network import Network

STAGES = {"N1": "feedforward", "N2": "the error is taken", "N3": "feedback", "clock": "the clock turns"}
"""Stages of which the first reaction is drawn."""


def circuit_picture(network: Network, title: str) -> dict[str, str]:
    """The graph of species and reactions."""
    from dsd.draw_circuit import circuit

    try:
        return {"svg": circuit(network, title)}
    except InputError as error:
        return {"reason": str(error)}


def gate_pictures(lowered: Lowered) -> list[dict[str, str]]:
    """A reaction of each stage, and an annihilation, strand by strand; empty where the drawing library is missing."""
    from dsd.draw_pathway import pathway

    found: dict[str, int] = {}
    reactions = lowered.clocked.network.reactions
    for m in lowered.system.modules:
        what = STAGES.get(reactions[m.index].stage) if m.kind == "join" else "annihilation" * (m.kind == "annihilator")
        if what:
            found.setdefault(what, m.index)
    texts = {m.index: m.text for m in lowered.system.modules}
    try:
        return [
            {"what": what, "reaction": texts[i], "number": str(i + 1), "svg": pathway(lowered.system, i)}
            for what, i in found.items()
        ]
    except InputError:
        return []


def uri(svg: str) -> str:
    """A drawing as a data URI: an image, in which nothing runs."""
    return "data:image/svg+xml;base64," + b64encode(svg.encode()).decode()
