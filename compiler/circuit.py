"""A Neural CRN together with what its species mean: which rails carry inputs, states, weights.

In: a formal network whose species carry roles. Out: :class:`Circuit`. Training and gating read it instead of names.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from compiler.rails import Rail
from dsd.errors import InputError
from dsd.network import Network


@dataclass(frozen=True)
class Circuit:
    """A formal network and its rails, each tuple in component order.

    ``adjoints`` has one rail if all components share it (the minimal circuit), ``feedback`` is empty if the feedback
    phase does not retrace the states, ``gradients`` match ``parameters``. ``T`` is the duration of N1 and of N3,
    ``eta`` the learning rate; both are unitless.
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

    def dose(self, x: Sequence[float], y: Sequence[float] | None = None) -> dict[str, float]:
        """Concentrations that present a sample: X = x, Z = x, the bias, and the targets unless ``y`` is None.

        ``x`` has one value per input, ``y`` one per target. Raises :class:`InputError` for wrong lengths or for a
        negative value on a single rail.
        """
        if len(x) != len(self.inputs):
            raise InputError(f"the sample has {len(x)} inputs, the circuit {len(self.inputs)}; match the columns")
        amounts: dict[str, float] = {}
        for rails in (self.inputs, self.states):
            for rail, value in zip(rails, x, strict=True):
                amounts |= rail.split(float(value))
        initial = {s.name: s.initial for s in self.network.species}
        amounts |= {name: initial[name] for rail in self.bias for name in rail.species}
        if y is not None:
            for rail, value in zip(self.targets, y, strict=True):
                amounts |= rail.split(float(value))
        return amounts


def circuit_of(network: Network) -> Circuit:
    """Read the rails back from the roles of a formal network, so that a printed one can be trained or compiled.

    Two species of one role named ``<name>p`` and ``<name>n`` are the rails of one variable. Raises
    :class:`InputError` if an essential role or the constants ``T`` and ``eta`` are missing.
    """
    rails = {role: _pair(network.role(role)) for role in ROLES}
    missing = [r for r in ("input", "target", "parameter", "state", "adjoint", "gradient") if not rails[r]]
    if missing:
        raise InputError(f"this network has no species of role {', '.join(missing)}; compile it from a design")
    if len(rails["gradient"]) != len(rails["parameter"]):
        raise InputError("this network has other numbers of gradient and parameter variables; each needs its partner")
    return Circuit(
        network,
        inputs=rails["input"], targets=rails["target"], parameters=rails["parameter"], states=rails["state"],
        adjoints=rails["adjoint"], gradients=rails["gradient"], feedback=rails["feedback"], bias=rails["bias"],
        T=_number(network, "T"), eta=_number(network, "eta"),
    )  # fmt: skip


ROLES = ("input", "target", "parameter", "state", "adjoint", "gradient", "feedback", "bias")


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
