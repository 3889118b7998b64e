"""Is it the chemistry that learns? The DNA pot without each of its parts, with other samples, from other weights."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from compiler.controls import SEED, Control, Plan, judged, plans, remapped, run, shuffled, table
from compiler.design import Design
from compiler.training.pot import Pot

ITERATIONS, VALIDATION = 20, 5


@pytest.fixture(scope="module")
def by_name(linreg: Design) -> dict[str, Plan]:
    return {plan.name: plan for plan in plans(linreg)}


@pytest.fixture(scope="module")
def intact(linreg: Design, by_name: dict[str, Plan], dna_pot: Pot) -> Control:
    """The pot as designed, trained on 20 samples."""
    return run(linreg, by_name["intact"], iterations=ITERATIONS, validation=VALIDATION, pot=dna_pot)


def test_the_experiments(by_name: dict[str, Plan]) -> None:
    assert [name for name in by_name if not name.startswith("without")] == [
        "intact",
        "targets not dosed",
        "targets shuffled",
        "other weights",
        "other weights, reversed",
        "target changes half-way",
    ]
    assert [*WORSE, *WASTEFUL, "clock", "seed flux"] == [p.leave_out for p in by_name.values() if p.leave_out]


def test_the_intact_pot_learns(intact: Control) -> None:
    assert intact.loss is not None
    assert intact.untrained is not None
    assert intact.loss < 0.05 * intact.untrained
    assert intact.loss == pytest.approx(intact.formal_loss, rel=0.1)
    assert intact.slopes == pytest.approx(intact.formal_slopes, rel=0.05)
    assert judged(intact, intact)[0]


# What is left of learning, measured: validation loss after 20 samples over the intact pot's, at least.
WORSE = {
    "feedforward": 20, "input transfer": 1000, "state transfer": 100, "target transfer": 20, "bias transfer": 20,
    "feedback": 10, "update": 10, "flush": 10,
}  # fmt: skip
WASTEFUL = {"adjoint annihilators": 1.4, "gradient annihilators": 1.03, "parameter annihilators": 1.1}


@pytest.mark.parametrize("family", WORSE)
def test_without_a_gate_family_learning_fails(
    linreg: Design, by_name: dict[str, Plan], intact: Control, dna_pot: Pot, family: str
) -> None:
    plan = by_name[f"without {family}"]
    found = run(linreg, plan, iterations=ITERATIONS, validation=VALIDATION, pot=dna_pot)
    assert judged(found, intact)[0]
    assert intact.loss is not None
    assert (found.loss is None and "the clock stopped" in found.note) or found.loss >= WORSE[family] * intact.loss


@pytest.mark.parametrize("family", WASTEFUL)
def test_without_an_annihilator_the_pot_burns_strands_or_learns_worse(
    linreg: Design, by_name: dict[str, Plan], intact: Control, dna_pot: Pot, family: str
) -> None:
    """Flushing clears both rails of an adjoint, and N4 both of a gradient, so that differences survive; but the rails
    that should have met are carried on, each as a turn of every gate on its way. Rails of weights have no other end.
    """
    plan = by_name[f"without {family}"]
    found = run(linreg, plan, iterations=ITERATIONS, validation=VALIDATION, pot=dna_pot)
    assert judged(found, intact)[0]
    assert found.used_uM >= WASTEFUL[family] * intact.used_uM
    if family.startswith("parameter"):
        assert found.loss is not None
        assert intact.loss is not None
        assert found.loss > 100 * intact.loss


def test_without_the_clock_nothing_happens(linreg: Design, by_name: dict[str, Plan], dna_pot: Pot) -> None:
    found = run(linreg, by_name["without clock"], iterations=ITERATIONS, validation=VALIDATION, pot=dna_pot)
    assert (found.loss, found.untrained, found.slopes, found.used_uM) == (None, None, (), 0.0)
    assert found.note.startswith("the clock stopped: O3 did not cross")


def test_without_targets_the_pot_learns_to_say_nothing(
    linreg: Design, by_name: dict[str, Plan], intact: Control, dna_pot: Pot
) -> None:
    """Every output is an error then; weights fall to zero and beyond, and what is left is yhat = x1 + x2 + d T h."""
    found = run(linreg, by_name["targets not dosed"], iterations=ITERATIONS, validation=VALIDATION, pot=dna_pot)
    assert judged(found, intact)[0]
    assert found.slopes == pytest.approx([1.0, 1.0], abs=0.01)


def test_shuffled_targets_teach_nothing(
    linreg: Design, by_name: dict[str, Plan], intact: Control, dna_pot: Pot
) -> None:
    """The pot learns what the exact model learns from the same table, and nothing of the map (slopes 1.24, 2.01)."""
    found = run(linreg, by_name["targets shuffled"], iterations=41, validation=VALIDATION, pot=dna_pot)
    assert found.loss is not None
    assert intact.loss is not None
    assert found.loss > 10 * intact.loss
    assert found.slopes == pytest.approx(found.formal_slopes, rel=0.05)
    assert judged(found, intact)[0]


@pytest.mark.parametrize("name", ["other weights", "other weights, reversed"])
def test_other_weights_reach_the_same_map(
    linreg: Design, by_name: dict[str, Plan], intact: Control, dna_pot: Pot, name: str
) -> None:
    found = run(linreg, by_name[name], iterations=41, validation=VALIDATION, pot=dna_pot)
    assert found.slopes == pytest.approx(found.formal_slopes, rel=0.05)
    assert found.loss is not None
    assert found.loss < 0.15
    assert judged(found, intact)[0]


def test_the_pot_follows_when_the_target_changes(
    linreg: Design, by_name: dict[str, Plan], intact: Control, dna_pot: Pot
) -> None:
    """From slopes near 1 and 2 to y = 2 x1 + x2 + 1, in one pot that goes on running."""
    plan = by_name["target changes half-way"]
    found = run(linreg, plan, iterations=82, validation=VALIDATION, pot=dna_pot)
    assert found.loss is not None
    assert found.untrained is not None
    assert found.loss < 0.02 * found.untrained
    assert found.slopes == pytest.approx(found.formal_slopes, rel=0.05)
    assert found.slopes[0] > found.slopes[1]
    assert judged(found, intact)[0]


def test_shuffling_keeps_inputs_and_the_set_of_targets(linreg: Design) -> None:
    data = shuffled(linreg.data, SEED)
    assert np.array_equal(data.train_x, linreg.data.train_x)
    assert sorted(data.train_y.ravel()) == sorted(linreg.data.train_y.ravel())
    assert np.mean(data.train_y == linreg.data.train_y) < 0.2
    assert np.array_equal(data.validation_y, linreg.data.validation_y)


def test_the_other_map(linreg: Design) -> None:
    data = remapped(linreg.data, linreg)
    assert data.train_y[:, 0] == pytest.approx(2 * data.train_x[:, 0] + data.train_x[:, 1] + 1)
    assert data.validation_y[:, 0] == pytest.approx(2 * data.validation_x[:, 0] + data.validation_x[:, 1] + 1)


INTACT = Control("intact", 0.1, 5.0, (1.0, 2.0), 0.1, (1.0, 2.0), 10.0)


@pytest.mark.parametrize(
    ("control", "verdict"),
    [
        (INTACT, (True, "learns: 0.1000 (exact model 0.1000)")),
        (replace(INTACT, loss=0.2), (False, "learns: 0.2000 (exact model 0.1000)")),
        (replace(INTACT, loss=None, note="the clock stopped; check"), (False, "stops: the clock stopped")),
        (replace(INTACT, name="without clock", loss=None, note="it stopped; check"), (True, "stops: it stopped")),
        (replace(INTACT, name="other weights", loss=None, note="it stopped"), (False, "stops: it stopped")),
        (
            replace(INTACT, name="without update", loss=0.2),
            (True, "learns worse: loss 2 times the intact pot's"),
        ),
        (
            replace(INTACT, name="without flush", used_uM=15.0),
            (True, "learns alike (loss 1.00x), but uses 1.50 times the strands"),
        ),
        (
            replace(INTACT, name="targets not dosed"),
            (False, "learns alike (loss 1.00x), but uses 1.00 times the strands"),
        ),
        (
            replace(INTACT, name="targets shuffled", loss=3.0, formal_loss=3.1),
            (True, "survival 0.033 beyond what the same table teaches the exact model"),
        ),
        (
            replace(INTACT, name="targets shuffled", loss=0.11, formal_loss=3.1),
            (False, "survival 0.997 beyond what the same table teaches the exact model"),
        ),
        (replace(INTACT, name="other weights", slopes=(1.1, 2.0)), (False, "slopes within 10.0% of the exact model's")),
        (replace(INTACT, name="other weights", slopes=(1.02, 2.0)), (True, "slopes within 2.0% of the exact model's")),
    ],
)
def test_verdicts(control: Control, verdict: tuple[bool, str]) -> None:
    assert judged(control, INTACT) == verdict


def test_without_an_intact_pot_there_is_nothing_to_compare_with() -> None:
    verdict = judged(replace(INTACT, name="without update"), replace(INTACT, loss=None))
    assert verdict == (False, "the intact pot stops, so there is nothing to compare with")


def test_the_table_is_ready_for_json() -> None:
    assert table([INTACT])[0] == {
        "name": "intact",
        "loss": 0.1,
        "untrained": 5.0,
        "slopes": (1.0, 2.0),
        "formal_loss": 0.1,
        "formal_slopes": (1.0, 2.0),
        "used_uM": 10.0,
        "note": "",
        "passed": True,
        "outcome": "learns: 0.1000 (exact model 0.1000)",
    }
