"""A Neural CRN together with what its species mean: which rails carry inputs, states, weights.

In: a formal network whose species carry roles. Out: :class:`Circuit`. Training and gating read it instead of names.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from compiler.model import lift
from compiler.rails import Rail
from dsd.errors import InputError
from dsd.network import Network


@dataclass(frozen=True)
class Circuit:
    """A formal network and its rails, each tuple in component order.

    ``adjoints`` has one rail if all components share it (the minimal circuit), ``feedback`` is empty if the feedback
    phase does not retrace the states, ``gradients`` match ``parameters``. ``T`` is the duration of N1 and,
    unless ``feedback_T`` is another, of N3; ``eta`` the learning rate. All are unitless.

    ``outputs`` holds for each output an adjoint and a sign: after N2 without a target, output k is the sign times that
    adjoint. ``sources`` has for each state the input it starts from, None if it starts from a constant; ``padding``
    holds the values of the last inputs, which are constants; ``input_layer`` maps a sample to the inputs before them.

    ``kept`` has for each output its reporter (:mod:`compiler.readout`), or the copies of the states it sums, with
    signs, where that is the better reading: the adjoint moves in N3, which in one pot begins as soon as there is an
    adjoint, while these stay as they are. Empty otherwise.
    """

    network: Network
    inputs: tuple[Rail, ...]
    targets: tuple[Rail, ...]
    parameters: tuple[Rail, ...]
    states: tuple[Rail, ...]
    adjoints: tuple[Rail, ...]
    gradients: tuple[Rail, ...]
    feedback: tuple[Rail, ...]
    bias: tuple[Rail, ...]
    T: float
    eta: float
    outputs: tuple[tuple[Rail, int], ...] = ()
    sources: tuple[int | None, ...] = ()
    padding: tuple[float, ...] = ()
    input_layer: tuple[tuple[float, ...], ...] = ()
    feedback_T: float | None = None
    kept: tuple[tuple[tuple[Rail, int], ...], ...] = ()

    @property
    def durations(self) -> tuple[float, float]:
        """How long N1 and N3 last."""
        return self.T, self.T if self.feedback_T is None else self.feedback_T

    @property
    def samples(self) -> int:
        """Length of a sample."""
        return len(self.input_layer[0]) if self.input_layer else len(self.inputs) - len(self.padding)

    def dose(self, x: Sequence[float], y: Sequence[float] | None = None) -> dict[str, float]:
        """Concentrations that present a sample: X = x, Z = x, the bias, and the targets unless ``y`` is None.

        ``x`` has one value per input, ``y`` one per target. Raises :class:`InputError` for wrong lengths or for a
        negative value on a single rail.
        """
        if len(x) != self.samples:
            raise InputError(f"the sample has {len(x)} inputs, the circuit {self.samples}; match the columns")
        if y is not None and len(y) != len(self.targets):
            raise InputError(f"the sample has {len(y)} targets, the circuit {len(self.targets)}; match the columns")
        values = lift(np.array([x], dtype=np.float64), self.input_layer, self.padding)[0].tolist()
        initial = {s.name: s.initial for s in self.network.species}
        amounts: dict[str, float] = {}
        for rail, value in zip(self.inputs, values, strict=True):
            amounts |= rail.split(value)
        for rail, source in zip(self.states, self.sources, strict=True):
            amounts |= {n: initial[n] for n in rail.species} if source is None else rail.split(values[source])
        amounts |= {name: initial[name] for rail in self.bias for name in rail.species}
        if y is not None:
            for rail, value in zip(self.targets, y, strict=True):
                amounts |= rail.split(float(value))
        return amounts


def circuit_of(network: Network) -> Circuit:
    """Read the rails back from the roles of a formal network, so that a printed one can be trained or compiled.

    Two species of one role named ``<name>p`` and ``<name>n`` are the rails of one variable. An input with an initial
    concentration is a constant of the padding. Raises :class:`InputError` if an essential role or the constants ``T``
    and ``eta`` are missing.
    """
    rails = {role: _pair(network.role(role)) for role in ROLES}
    missing = [r for r in ("input", "target", "parameter", "state", "adjoint", "gradient") if not rails[r]]
    if missing:
        raise InputError(f"this network has no species of role {', '.join(missing)}; compile it from a design")
    if len(rails["gradient"]) != len(rails["parameter"]):
        raise InputError("this network has other numbers of gradient and parameter variables; each needs its partner")
    initial = {s.name: s.initial for s in network.species}
    values = [rail.read(initial) for rail in rails["input"]]
    layer = json.loads(network.get("input_layer", "[]"))
    outputs = tuple(_output(network, target, rails["adjoint"]) for target in rails["target"])
    return Circuit(
        network,
        inputs=rails["input"], targets=rails["target"], parameters=rails["parameter"], states=rails["state"],
        adjoints=rails["adjoint"], gradients=rails["gradient"], feedback=rails["feedback"], bias=rails["bias"],
        T=_number(network, "T"), eta=_number(network, "eta"),
        outputs=outputs,
        sources=_sources(network, rails["state"], rails["input"]),
        padding=tuple(v for v in values if v), input_layer=tuple(tuple(row) for row in layer),
        feedback_T=_number(network, "feedback_T") if network.get("feedback_T") else None,
        kept=_kept(network, outputs, rails["feedback"]),
    )  # fmt: skip


ROLES = ("input", "target", "parameter", "state", "adjoint", "gradient", "feedback", "bias")


def _output(network: Network, target: Rail, adjoints: tuple[Rail, ...]) -> tuple[Rail, int]:
    """The adjoint that a target lowers (or raises, and then the output is minus that adjoint) in N2."""
    made = [n for r in network.stage("N2") if target.pos in r.reactants for n in r.products]
    for rail in adjoints:
        for name, sign in ((rail.pos, -1), (rail.neg if rail.dual else "", 1)):
            if name in made:
                return rail, sign
    raise InputError(f"no N2 reaction takes {target.pos} to an adjoint; compile the network from a design")


def moved(network: Network, names: set[str]) -> bool:
    """Whether N3 changes any of these species."""
    return any(not names.isdisjoint(r.net()) for r in network.stage("N3"))


def _kept(
    network: Network, outputs: tuple[tuple[Rail, int], ...], copies: tuple[Rail, ...]
) -> tuple[tuple[tuple[Rail, int], ...], ...]:
    """The reporters of the outputs; else the copies that sum to each, if the adjoint moves in N3 and they do not."""
    if reporters := _pair(network.role("output")):
        return tuple(((rail, 1),) for rail in reporters)
    adjoints = {name for rail, _ in outputs for name in rail.species}
    if not moved(network, adjoints) or moved(network, {name for rail in copies for name in rail.species}):
        return ()
    made = {n: r.products for r in network.stage("N2") for n in r.products}
    return tuple(
        tuple(
            (copy, sign if rail.pos in made[copy.pos] else -sign)
            for copy in copies
            if set(rail.species) & set(made.get(copy.pos, ()))
        )
        for rail, sign in outputs
    )


def _sources(network: Network, states: tuple[Rail, ...], inputs: tuple[Rail, ...]) -> tuple[int | None, ...]:
    """The input that each state starts from: its own by default, else as ``start`` says."""
    text = network.get("start")
    if not text:
        if len(states) != len(inputs):
            raise InputError("states and inputs differ in number, and no @meta start pairs them; compile from a design")
        return tuple(range(len(states)))
    place = {rail.pos: i for i, rail in enumerate(inputs)}
    pairs = dict(item.split("=", 1) for item in text.split() if "=" in item)
    unknown = [x for x in pairs.values() if x not in place]
    if unknown:
        raise InputError(f"@meta start names {unknown[0]}, which is no input; the inputs are {', '.join(place)}")
    return tuple(place[pairs[rail.pos]] if rail.pos in pairs else None for rail in states)


def _pair(names: tuple[str, ...]) -> tuple[Rail, ...]:
    rails: list[Rail] = []
    present = frozenset(names)
    for name in names:
        base = name[:-1]
        if name.endswith("p") and f"{base}n" in present:
            rails.append(Rail(base, dual=True))
        elif not (name.endswith("n") and f"{base}p" in present):
            rails.append(Rail(name))
    return tuple(rails)


def _number(network: Network, key: str) -> float:
    text = network.get(key)
    try:
        return float(text)
    except ValueError:
        raise InputError(f"the network states {key} = '{text}'; its header must give {key} as a number") from None
