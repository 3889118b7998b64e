"""Sizes, counted by hand for one catalytic reaction."""

from dsd.expand import expand
from dsd.lower import Lowering, lower
from dsd.network import Reaction, network
from dsd.size import Size, size


def test_a_catalytic_reaction():
    """C + X -> C + Y: 3 signals, 3 reverse strands, helper, end, translator, 3 waste strands, 2 bottoms."""
    system, _ = lower(network([Reaction(("C", "X"), ("C", "Y"), 1e-4)]), Lowering())
    assert size(system) == Size(
        signal_strands=3,
        gate_complexes=2,
        fuel_strands=5,
        distinct_strands=14,
        toehold_domains=1,
        long_domains=6,
        nucleotides=3 * 25 + 3 * 25 + 45 + 25 + 25 + (20 + 25 + 20) + 100 + 100,
        total_strand_nM=system.total_strand_nM,
    )
    counted = size(system, expand(system))
    assert (counted.species, counted.reactions) == (21, 12)
    assert counted.as_dict()["gate_complexes"] == 2
