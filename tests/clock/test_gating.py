"""Both gating strategies, on small formal networks: their text, their shape, and one pot that takes a gradient step."""

from dataclasses import replace

import pytest

from clock.gating import STRATEGIES, Gating, operand, per_reaction, pipelined
from clock.gating_pipelined import DOSE_LEVEL
from clock.ring import Ring
from clock.timing import feedback_time, forward_time, kept_share
from dsd.errors import InputError
from dsd.network import network
from dsd.syntax import parse_crn, print_crn

RING = Ring(amplitude=2.0, trough=0.25, k=0.5)
RATES = Gating(transfer=0.5, update=0.25, flush=0.75, annihilation=20, analog_forward=0.1, analog_feedback=0.2)

LINE = parse_crn("""\
@level formal
@meta design = line
@stages N1 N2 N3 N4 fast
@species input: X1
@species target: Y
@species bias: B
@species parameter: P1 = 0.5
@species state: Z1
@species adjoint: A1p, A1n
@species gradient: G1p, G1n

X1 + P1 -> Z1 + X1 + P1 [stage = N1]  # type I
B -> B + Z1 [stage = N1]
Z1 -> A1p [stage = N2]
Y -> A1n [stage = N2]
X1 + A1p -> G1p + X1 + A1p [stage = N3]
X1 + A1n -> G1n + X1 + A1n [stage = N3]
G1n -> P1 [stage = N4]
G1p + P1 -> [stage = N4]
""")

LINE_OPERAND = """\
@level clocked
@units 1 1
@meta design = line
@meta gating = operand
@meta clock = O1 O2 O3
@meta dosed = X1 Z1 B Y
@stages N1 N2 N3 N4 fast clock
@species input: X1
@species target: Y
@species bias: B
@species parameter: P1 = 0.5
@species state: Z1
@species adjoint: A1p, A1n
@species gradient: G1p, G1n
@species feedback: Xb1
@species negative: P1n
@species clock: O1 = 0.875, O2 = 0.25, O3 = 0.875

X1 + P1 -> Z1 + X1 + P1 [k = 0.1, stage = N1]  # type I
B -> B + Z1 [k = 0.1, stage = N1]
X1 + O2 -> Xb1 + O2 [k = 0.5, stage = N2]  # phase 2 hands X1 over to feedback
Z1 + O2 -> A1p + O2 [k = 0.5, stage = N2]
Y + O2 -> A1n + O2 [k = 0.5, stage = N2]
B + O2 -> O2 [k = 0.5, stage = N2]  # phase 2 removes B
Xb1 + A1p -> G1p + Xb1 + A1p [k = 0.2, stage = N3]
Xb1 + A1n -> G1n + Xb1 + A1n [k = 0.2, stage = N3]
G1n + O3 -> P1 + O3 [k = 0.25, stage = N4]
G1p + O3 -> P1n + O3 [k = 0.25, stage = N4]  # P1n lowers P1
Xb1 + O3 -> O3 [k = 0.75, stage = N4]  # phase 3 flushes Xb1
A1p + O3 -> O3 [k = 0.75, stage = N4]  # phase 3 flushes A1p
A1n + O3 -> O3 [k = 0.75, stage = N4]  # phase 3 flushes A1n
A1p + A1n -> [k = 20, stage = fast]  # rails annihilate
G1p + G1n -> [k = 20, stage = fast]  # rails annihilate
P1n + P1 -> [k = 20, stage = fast]  # rails annihilate
O1 + O2 -> 2 O2 [k = 0.5, stage = clock]  # O2 takes over from O1
O2 + O3 -> 2 O3 [k = 0.5, stage = clock]  # O3 takes over from O2
O3 + O1 -> 2 O1 [k = 0.5, stage = clock]  # O1 takes over from O3
"""

LINE_PER_REACTION = """\
X1 + P1 + O1 -> Z1 + X1 + P1 + O1 [k = 0.05, stage = N1]  # type I
B + O1 -> B + Z1 + O1 [k = 0.05, stage = N1]
Z1 + O2 -> A1p + O2 [k = 0.5, stage = N2]
Y + O2 -> A1n + O2 [k = 0.5, stage = N2]
X1 + A1p + O2 -> G1p + X1 + A1p + O2 [k = 0.1, stage = N3]
X1 + A1n + O2 -> G1n + X1 + A1n + O2 [k = 0.1, stage = N3]
G1n + O3 -> P1 + O3 [k = 0.25, stage = N4]
G1p + P1 + O3 -> O3 [k = 0.25, stage = N4]
X1 + O3 -> O3 [k = 0.75, stage = N4]  # phase 3 flushes X1
B + O3 -> O3 [k = 0.75, stage = N4]  # phase 3 flushes B
A1p + O3 -> O3 [k = 0.75, stage = N4]  # phase 3 flushes A1p
A1n + O3 -> O3 [k = 0.75, stage = N4]  # phase 3 flushes A1n
A1p + A1n -> [k = 20, stage = fast]  # rails annihilate
G1p + G1n -> [k = 20, stage = fast]  # rails annihilate
"""

LINE_PIPELINED = """\
X1 + P1 -> Z1 + X1 + P1 [k = 0.1, stage = N1]  # type I
B -> B + Z1 [k = 0.1, stage = N1]
X1 + O2 -> Xb1 + O2 [k = 0.5, stage = N2]  # phase 2 hands X1 over to feedback
Z1 + O2 -> A1p + O2 [k = 0.5, stage = N2]
Y + O2 -> A1n + O2 [k = 0.5, stage = N2]
B + O2 -> O2 [k = 0.5, stage = N2]  # phase 2 removes B
A1p + O3 -> Ab1p + O3 [k = 0.25, stage = N2]  # phase 3 hands A1p over to feedback
A1n + O3 -> Ab1n + O3 [k = 0.25, stage = N2]  # phase 3 hands A1n over to feedback
Xb1 + O3 -> Xbb1 + O3 [k = 0.25, stage = N2]  # phase 3 hands Xb1 over to feedback
Xbb1 + Ab1p -> G1p + Xbb1 + Ab1p [k = 0.8, stage = N3]
Xbb1 + Ab1n -> G1n + Xbb1 + Ab1n [k = 0.8, stage = N3]
G1n + O2 -> P1 + O2 [k = 0.25, stage = N4]
G1p + O2 -> P1n + O2 [k = 0.25, stage = N4]  # P1n lowers P1
Xbb1 + O2 -> O2 [k = 0.75, stage = N4]  # phase 2 flushes Xbb1
Ab1p + O2 -> O2 [k = 0.75, stage = N4]  # phase 2 flushes Ab1p
Ab1n + O2 -> O2 [k = 0.75, stage = N4]  # phase 2 flushes Ab1n
A1p + A1n -> [k = 20, stage = fast]  # rails annihilate
G1p + G1n -> [k = 20, stage = fast]  # rails annihilate
P1n + P1 -> [k = 20, stage = fast]  # rails annihilate
"""

# Dual rail everywhere; z acts in the forward and the feedback stage; the parameter decays its gradient (k2).
SQUARE = parse_crn("""\
@level formal
@stages N1 N2 N3 N4 fast
@species input: X1p, X1n
@species parameter: P1p, P1n
@species state: Z1p, Z1n
@species adjoint: A1p, A1n
@species gradient: G1p, G1n
@species target: Yp, Yn

X1p + P1p -> Z1p + X1p + P1p [stage = N1]
2 Z1p -> Z1p [k = 0.5, stage = N1]
Z1p + Z1n -> [k = 100, stage = fast]  # states annihilate
Z1p -> A1p [stage = N2]
Z1n -> A1n [stage = N2]
Yp -> A1n [stage = N2]
Yn -> A1p [stage = N2]
A1p + Z1p -> A1n + A1p + Z1p [stage = N3]
X1p + A1p -> G1p + X1p + A1p [stage = N3]
G1p -> P1n [k = 0.1, stage = N4]
G1p -> [k = 0.9, stage = N4]
G1n + P1n -> [k = 0.1, stage = N4]
G1n -> [k = 0.9, stage = N4]
""")


def text(clocked, *stages):
    """The reaction lines of some stages."""
    chosen = network([r for r in clocked if r.stage in stages])
    return [line.split(" [")[0] for line in print_crn(chosen).splitlines() if "->" in line]


def test_operand_text():
    """The start is shown at the middle of the handover, where its numbers are short."""
    clocked, _ = operand(LINE, RING, RATES)
    assert print_crn(clocked.with_initial(O1=0.875, O2=0.25, O3=0.875)) == LINE_OPERAND


def test_per_reaction_text():
    clocked, _ = per_reaction(LINE, replace(RING, trough=1e-6), RATES)
    reactions = print_crn(network(r for r in clocked if r.stage != "clock")).split("\n\n")[1]
    assert reactions == LINE_PER_REACTION
    assert clocked.get("dosed") == "X1 Z1 B Y"


def test_pipelined_text():
    """Half of a copy kept, twice over in N3: its rate is four times that of operand gating."""
    clocked, _ = pipelined(LINE, RING, replace(RATES, kept=0.5))
    reactions = print_crn(network(r for r in clocked if r.stage != "clock")).split("\n\n")[1]
    assert reactions == LINE_PIPELINED
    assert [clocked.get(key) for key in ("gating", "dosed", "kept")] == ["pipelined", "X1 Z1 B Y", "0.5"]
    assert clocked.role("adjoint") == ("A1p", "A1n", "Ab1p", "Ab1n")
    assert clocked.role("feedback") == ("Xb1", "Xbb1")


def test_rails_of_states_annihilate_where_a_rate_says_how_fast():
    """As do those of their copies, each pair once: a formal annihilation keeps its own rate."""
    dual = parse_crn("""\
@level formal
@stages N1 N2 N3 fast
@species state: Z1p, Z1n, Z2p, Z2n
@species feedback: Zb1p, Zb1n
@species adjoint: A1p, A1n

Z1p -> Z1p + Z2n [stage = N1]
Z2p + Z2n -> [stage = fast]
Z1p -> Zb1p + A1p [stage = N2]
Z1n -> Zb1n + A1n [stage = N2]
Zb1p + A1p -> Zb1p [stage = N3]
""")
    fast = list(operand(dual, RING, replace(RATES, state_annihilation=7))[0].stage("fast"))
    assert [(*r.reactants, r.k) for r in fast] == [
        ("Z2p", "Z2n", 20), ("Z1p", "Z1n", 7), ("Zb1p", "Zb1n", 7), ("A1p", "A1n", 20),
    ]  # fmt: skip
    fast = list(operand(dual, RING, RATES)[0].stage("fast"))
    assert [r.reactants for r in fast] == [("Z2p", "Z2n"), ("A1p", "A1n")]


def test_interpretation_reads_copies_as_their_originals():
    clocked, meaning = operand(LINE, RING, RATES)
    assert set(meaning.mapping) == set(clocked.names)
    assert {n: m for n, m in meaning.table if m != (n,)} == {"Xb1": ("X1",)}
    assert per_reaction(LINE, replace(RING, trough=1e-6), RATES)[1]("X1") == ("X1",)
    clocked, meaning = pipelined(LINE, RING, RATES)
    assert set(meaning.mapping) == set(clocked.names)
    copies = {"Xb1": ("X1",), "Xbb1": ("X1",), "Ab1p": ("A1p",), "Ab1n": ("A1n",)}
    assert {n: m for n, m in meaning.table if m != (n,)} == copies


def test_operand_gating_needs_no_third_reactant():
    for formal in (LINE, SQUARE):
        assert max(r.order for r in operand(formal, RING, RATES)[0]) == 2
        assert max(r.order for r in pipelined(formal, RING, RATES)[0]) == 2
        assert max(r.order for r in per_reaction(formal, replace(RING, trough=1e-6), RATES)[0]) == 3


@pytest.mark.parametrize("strategy", ["operand", "per_reaction"])
@pytest.mark.parametrize("formal", [LINE, SQUARE], ids=["line", "square"])
def test_the_clock_is_a_catalyst_and_comes_last(strategy, formal):
    """A join sequesters its first inputs; the clock must never be one of them, nor be used up."""
    clocked, _ = STRATEGIES[strategy](formal, replace(RING, trough=1e-6), RATES)
    phase = {"N1": "O1", "N2": "O2", "N3": "O2", "N4": "O3"}
    for r in clocked:
        if r.stage != "clock" and (clock := [n for n in r.reactants if n in ("O1", "O2", "O3")]):
            assert clock == [r.reactants[-1]] == [r.products[-1]] == [phase[r.stage]]
        discrete = r.stage in ("N2", "N4")
        assert not discrete or r.reactants[-1] == phase[r.stage]


@pytest.mark.parametrize("formal", [LINE, SQUARE], ids=["line", "square"])
def test_only_weights_are_in_both_passes_of_a_pipelined_pot(formal):
    """What N1 and phase 2 of N2 touch, N3 and N4 do not, so they can run side by side (arXiv 2409.00034, section 4)."""
    clocked, _ = pipelined(formal, RING, RATES)
    forward = [r for r in (*clocked.stage("N1"), *clocked.stage("N2")) if "O3" not in r.species]
    back = [*clocked.stage("N3"), *clocked.stage("N4")]
    first, second = ({n for r in reactions for n in r.species} - {"O2"} for reactions in (forward, back))
    assert first & second <= set(clocked.role("parameter"))
    phases = {(r.stage, n) for r in (*forward, *back) for n in r.reactants if n in RING.names}
    assert phases == {("N2", "O2"), ("N4", "O2")}


def test_a_pipelined_pot_counts_every_copy_in_full():
    """d(A)/dt = -A Z on copies that are half of their originals needs twice the rate, d(G)/dt = A X four times."""
    whole, half = (pipelined(SQUARE, RING, replace(RATES, kept=kept))[0].stage("N3") for kept in (1.0, 0.5))
    assert text(network(whole), "N3") == ["Ab1p + Zbb1p -> Ab1n + Ab1p + Zbb1p", "Xbb1p + Ab1p -> G1p + Xbb1p + Ab1p"]
    assert [b.k / a.k for a, b in zip(whole, half, strict=True)] == [2.0, 4.0]


def test_a_state_that_feedback_needs_is_copied_in_its_transfer():
    clocked, meaning = operand(SQUARE, RING, RATES)
    assert text(clocked, "N2") == [
        "X1p + O2 -> Xb1p + O2",
        "X1n + O2 -> Xb1n + O2",
        "Z1p + O2 -> A1p + Zb1p + O2",
        "Z1n + O2 -> A1n + Zb1n + O2",
        "Yp + O2 -> A1n + O2",
        "Yn + O2 -> A1p + O2",
    ]
    assert text(clocked, "N3") == ["A1p + Zb1p -> A1n + A1p + Zb1p", "Xb1p + A1p -> G1p + Xb1p + A1p"]
    assert text(clocked, "fast") == [
        "Z1p + Z1n ->",
        "Zb1p + Zb1n ->",
        "P1p + P1n ->",
        "A1p + A1n ->",
        "G1p + G1n ->",
    ]
    assert meaning("Zb1n") == ("Z1n",)
    flushed = [line.split(" ")[0] for line in text(clocked, "N4")[4:]]
    assert flushed == ["Xb1p", "Xb1n", "Zb1p", "Zb1n", "A1p", "A1n"]


def test_per_reaction_copies_only_what_the_transfer_uses_up():
    clocked, _ = per_reaction(SQUARE, replace(RING, trough=1e-6), RATES)
    assert text(clocked, "N2")[0] == "Z1p + O2 -> A1p + Zb1p + O2"
    assert text(clocked, "N3")[1] == "X1p + A1p + O2 -> G1p + X1p + A1p + O2"


def test_updates_split_their_gradient_by_the_formal_rates_and_use_both_rails():
    """k1 : k2 = 1 : 9 is a learning rate of 0.1, and each gradient leaves at the update rate altogether."""
    updates = operand(SQUARE, RING, replace(RATES, update=1.0))[0].stage("N4")[:4]
    assert text(network(updates), "N4") == [
        "G1p + O3 -> P1n + O3",
        "G1p + O3 -> O3",
        "G1n + O3 -> P1p + O3",
        "G1n + O3 -> O3",
    ]
    assert [r.k for r in updates] == pytest.approx([0.1, 0.9, 0.1, 0.9])


def test_all_transfers_have_one_effective_rate():
    """Two reactions that share a state take half each; otherwise it would outrun its copies."""
    split = parse_crn("X -> X + Z [stage=N1]; Z -> A1p [k=3, stage=N2]; Z -> A2p [k=1, stage=N2]")
    assert [r.k for r in operand(split, RING, RATES)[0].stage("N2") if "Z" in r.reactants] == [0.375, 0.125]


def test_reactions_of_parameters_alone_get_the_clock():
    """No operand gates them: a trained bias would fill its state all day."""
    bias = parse_crn("@species parameter: P; P -> P + Z [k=4, stage=N1]; P + P -> P + P + G [stage=N3]")
    clocked, _ = operand(bias, RING, RATES)
    assert (text(clocked, "N1"), text(clocked, "N3")) == (["P + O1 -> P + Z + O1"], ["2 P + O2 -> 2 P + G + O2"])
    assert clocked.stage("N1")[0].k == pytest.approx(4 * 0.1 / 2)
    clocked, _ = pipelined(bias, RING, RATES)
    assert text(clocked, "N1") == ["P + O3 -> P + Z + O3", "P + O1 -> P + Z + O1"]
    assert text(clocked, "N3") == ["2 P + O3 -> 2 P + G + O3", "2 P + O1 -> 2 P + G + O1"]


def test_explicit_copies_cubic_terms_and_flushes_go_through():
    formal = parse_crn("""
        @species state: Z1, Zb1
        @species input: X
        @species gradient: Xb
        @species adjoint: A1
        3 Z1 -> 2 Z1 [k = 0.1666, stage = N1]
        X -> X + Z1 [stage = N1]
        Z1 -> A1 + Zb1 [stage = N2]
        A1 + 2 Zb1 -> 2 Zb1 [stage = N3]
        X + A1 -> X + A1 + Xb [stage = N3]
        A1 -> [stage = N4]  # clear the adjoint
        X -> [stage = N4]
    """)
    clocked, meaning = operand(formal, RING, RATES)
    assert text(clocked, "N1", "N3") == [
        "3 Z1 -> 2 Z1",
        "X -> X + Z1",
        "A1 + 2 Zb1 -> 2 Zb1",
        "Xbb + A1 -> Xbb + A1 + Xb",
    ]
    assert text(clocked, "N2") == ["X + O2 -> Xbb + O2", "Z1 + O2 -> A1 + Zb1 + O2"]
    assert (meaning("Xbb"), meaning("Xb"), meaning("Zb1")) == (("X",), ("Xb",), ("Zb1",))
    assert clocked.get("dosed") == "X Z1"
    assert "A1 + O3 -> O3" in text(clocked, "N4")
    assert [r.note for r in clocked.stage("N4") if "A1" in r.reactants] == ["clear the adjoint"]
    assert not any("X" in r.reactants for r in clocked.stage("N4"))


def test_a_flush_of_gradients_takes_no_part_of_the_update():
    flushed = replace(LINE, reactions=(*LINE.reactions, *parse_crn("G1p -> [stage = N4]  # flush")))
    assert operand(flushed, RING, RATES)[0] == operand(LINE, RING, RATES)[0]


def test_seed_flux():
    flux = [r for r in operand(LINE, RING, replace(RATES, seed_flux=1e-8))[0].stage("clock") if not r.reactants]
    assert [(r.products, r.k) for r in flux] == [(("O1",), 1e-8), (("O2",), 1e-8), (("O3",), 1e-8)]


@pytest.mark.parametrize(("strategy", "error"), [("operand", 0.01), ("per_reaction", 0.02)])
def test_one_period_is_one_gradient_step(solve, strategy, error):
    """z(0) = x, yhat = x (1 + theta T) + h T, theta falls by eta T (yhat - y) x, and no trace of the sample stays."""
    ring = Ring(amplitude=1.0, trough=1e-7, k=1.0)
    x, h, duration, eta = 1.5, 0.2, 0.5, 0.1
    rates = Gating(
        analog_forward=duration / forward_time(ring, Gating(), strategy),
        analog_feedback=eta * duration / feedback_time(ring, Gating(), strategy),
    )
    pot, _ = STRATEGIES[strategy](LINE, ring, rates)
    for y, theta in [(3.0, 0.5), (1.0, 0.5), (1.0, 0.02)]:
        _, end = solve(pot.with_initial(P1=theta), 0.95 * ring.period, X1=x, Z1=x, B=h, Y=y)
        step = eta * duration * (x * (1 + theta * duration) + h * duration - y) * x
        left = {n: v[-1] for n, v in end.items()}
        if strategy == "per_reaction" and theta < step:
            assert left["P1"] > 0 > theta - step  # one rail cannot go below zero: the step stalls
            continue
        assert left["P1"] - left.get("P1n", 0.0) == pytest.approx(theta - step, abs=error * abs(step) + 2e-4)
        assert max(left[n] for n in ("X1", "Y", "B", "Z1", "A1p", "A1n")) < 1e-4


def test_two_periods_are_one_gradient_step_of_a_pipelined_pot(solve):
    """Nothing moves while the sample is weighed; a period later its step is there, and no trace of it stays."""
    ring = Ring(amplitude=1.0, trough=1e-7, k=1.0)
    x, y, h, theta, duration, eta = 1.5, 3.0, 0.2, 0.5, 0.5, 0.1
    rates = Gating(transfer=0.8, flush=0.5)
    rates = replace(
        rates,
        analog_forward=duration / forward_time(ring, rates, "pipelined"),
        analog_feedback=eta * duration / feedback_time(ring, rates, "pipelined"),
        kept=kept_share(ring, rates),
    )
    pot, _ = pipelined(LINE, ring, rates)
    # The end of phase 2, which the ring reaches two phases after its start.
    start = dict(zip(("O3", "O1", "O2"), (s.initial for s in ring.species(1 - DOSE_LEVEL)), strict=True))
    t, course = solve(pot.with_initial(**start), 2 * ring.period, X1=x, Z1=x, B=h, Y=y)
    weight = course["P1"] - course["P1n"]
    step = eta * duration * (x * (1 + theta * duration) + h * duration - y) * x
    assert weight[t < 0.9 * ring.period] == pytest.approx(theta, abs=0.01 * abs(step))
    assert weight[-1] == pytest.approx(theta - step, abs=0.01 * abs(step))
    assert max(v[-1] for n, v in course.items() if n not in (*ring.names, "P1", "P1n")) < 2e-3


@pytest.mark.parametrize(
    ("crn", "message"),
    [
        ("A -> C", "reaction A -> C has stage ''; tag it with one of N1, N2, N3, N4, fast"),
        ("O2 -> C [stage = N1]", "species O2 of the formal network is also a clock species; rename one of them"),
    ],
)
def test_errors(crn, message):
    with pytest.raises(InputError) as error:
        operand(parse_crn(crn), RING, RATES)
    assert str(error.value) == message


def test_rates_are_numbers():
    with pytest.raises(InputError, match=r"the gating rate flush is -1; give a number >= 0"):
        Gating(flush=-1)
    with pytest.raises(InputError, match=r"0 of a feedback copy is kept; give a share above 0 and at most 1"):
        Gating(kept=0)
