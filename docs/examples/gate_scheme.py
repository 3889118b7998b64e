"""A gate scheme of your own: irreversible joins that take their inputs in the opposite order.

In: a reaction. Out: what its gates, built by the new scheme, are verified to do, and what they make of 10 nM of inputs.
"""

from __future__ import annotations

from dsd.domains import Duplex
from dsd.expand import expand
from dsd.lower import lower
from dsd.lowering import Lowering
from dsd.network import NANOMOLAR, Reaction, network
from dsd.schemes import SCHEMES, Scheme, irreversible
from dsd.schemes.two_domain import Toehold
from dsd.simulate import simulate
from dsd.system_report import verify_gates


def join(inputs: tuple[str, ...], i: str, r: str, toehold: Toehold) -> Duplex:
    """``[t] xn.t ... x1.t i r.t``: the last input opens the gate."""
    return irreversible.join(inputs[::-1], i, r, toehold)


SCHEMES["last-first"] = Scheme("last-first", join, irreversible.helper, irreversible=True)

if __name__ == "__main__":
    formal = network([Reaction(("A", "B"), ("C",), 1e-5)], units=NANOMOLAR).with_initial(A=10.0, B=10.0)
    system, _ = lower(formal, Lowering(scheme="last-first"))
    print(system.complexes[0].duplex.bottom)
    print("verified:", verify_gates(system).ok)
    print(
        f"C after 10 h: {simulate(expand(system).network, 36_000.0)['C'][-1]:.2f} nM, formally {10 - 10 / 4.6:.2f} nM"
    )
