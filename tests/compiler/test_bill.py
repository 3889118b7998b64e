"""Cost, fuels and hours of the linear regression design, and the table of the literature."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from compiler import cli, pipeline
from compiler.bill import Bill, bill
from compiler.commands.bills import rows
from compiler.consumption import consumption
from compiler.design import Design
from compiler.literature import LITERATURE, ours
from dsd.errors import InputError
from dsd.orders.prices import default_prices
from dsd.size import size


@pytest.fixture(scope="module")
def found(linreg: Design) -> Bill:
    return bill(linreg, default_prices(), iterations=2)


def test_a_pot_is_priced_by_strand(found: Bill, linreg: Design) -> None:
    system, prices = pipeline.dsd(linreg).system, default_prices()
    assert found.pot.strands == size(system).distinct_strands
    assert found.pot.nucleotides == size(system).nucleotides
    # 12 nmol of strands in all: no strand needs more than one synthesis at the least scale of its length.
    assert found.pot.syntheses == found.pot.strands
    assert found.pot.need_nmol == pytest.approx(system.total_strand_nM * linreg.dna.volume_uL * 1e-6)
    by_hand = 0.0
    for s in system.strands:
        nt = sum(system.lengths[d.rstrip("*")] for d in s.domains)
        scale = next(x for x in prices.scales if x.max_nt >= nt)
        by_hand += nt * scale.per_base + (65.0 if nt > 60 else 0.0)
    assert found.pot.price == pytest.approx(by_hand, rel=0.05)
    assert found.pot.price <= by_hand


def test_a_run_is_measured_on_a_running_pot(found: Bill, linreg: Design) -> None:
    use, system = found.use, pipeline.dsd(linreg).system
    assert use is not None
    assert found.run is not None
    assert use.run == linreg.training.epochs * len(linreg.data.train_x)
    assert use.run_hours == pytest.approx(use.run * use.period_s / 3600)
    nominal = {p.name: p.initial for p in (*system.strands, *system.complexes)}
    assert all(-1e-6 <= nM <= nominal[name] for name, nM in use.fuel_nM.items())
    assert sum(use.fuel_nM.values()) > 0
    x, y = linreg.data.train_x[:2], linreg.data.train_y[:2]
    dosed = [pipeline.clocked(linreg).circuit.dose(a, b)["X1"] for a, b in zip(x.tolist(), y.tolist(), strict=True)]
    assert use.dose_nM["X1"] == pytest.approx(linreg.dna.unit_nM * sum(dosed) / 2, rel=5e-3)
    bought = found.run.need_nmol - found.pot.need_nmol
    assert 0 < bought < 20 * found.pot.need_nmol


def test_what_is_printed_and_what_is_json(found: Bill) -> None:
    cells = rows(found)
    assert cells["a pot: strands ordered"].startswith(f"{found.pot.strands} (")
    assert cells["toeholds, of words to choose from"] == "1 of 196"
    assert "a run, hours (days)" in cells
    values = json.loads(json.dumps(found.to_dict()))
    assert values["use"]["measured_iterations"] == 2
    assert values["toeholds"][0]["share"] == found.toeholds[0].share
    assert values["pot"]["date"] == default_prices().date


def test_iterations_are_those_of_the_training_data(linreg: Design) -> None:
    with pytest.raises(InputError, match="iterations = 42; give a number from 1 to the 41 training samples"):
        consumption(linreg, pipeline.dsd(linreg), 42)


def test_the_literature_beside_ours(linreg: Design) -> None:
    own = ours(linreg)
    assert (own.species, own.reactions, own.strands) == (16, 14, size(pipeline.dsd(linreg).system).distinct_strands)
    assert [w.name for w in LITERATURE if w.species] == ["AASP", "LR-NCRN", "LR-NCRN, minimal"]
    result = CliRunner().invoke(cli.cli, ["size", "linreg2d-minimal", "--compare"])
    assert result.exit_code == 0, result.output
    assert "not published" in result.output
    assert "17 / 18" in result.output
