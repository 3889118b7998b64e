"""Tables of ``strandgrad size``: cost, fuels, hours and occlusion of a design, and the literature beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from compiler.bill import Bill
    from compiler.consumption import Consumption
    from compiler.design import Design
    from compiler.literature import Work
    from dsd.occlusion import Occlusion
    from dsd.orders.cost import Cost
    from dsd.orders.prices import Prices

SHOWN = 8
"""How many fuels are printed; JSON has them all."""


def billed(design: Design, prices: Prices, iterations: int) -> tuple[Bill | None, str]:
    """The bill of a design, or why it has none: a design whose rates no concentrations meet has no DNA to buy."""
    from compiler.bill import bill
    from dsd.errors import MappingError

    try:
        return bill(design, prices, iterations), ""
    except MappingError as error:
        return None, str(error)


def show(bill: Bill | None, reason: str) -> None:
    """Print a bill, or the reason why there is none."""
    from rich.table import Table

    from compiler.commands.outputs import console

    out = console()
    if bill is None:
        out.print(f"no DNA to buy: {reason}", markup=False)
        return
    table = Table(title=f"{bill.design}: a pot of {bill.volume_uL:g} µL")
    table.add_column("")
    table.add_column("", justify="right")
    for key, value in rows(bill).items():
        table.add_row(key, value)
    out.print(table)
    if bill.use:
        out.print(_fuels(bill.use.fuel_nM, bill.volume_uL, bill.use), markup=False)
    out.print(f"Prices are {bill.pot.note}, of {bill.pot.date}.", markup=False)


def rows(bill: Bill) -> dict[str, str]:
    """What is printed of a bill, by quantity."""
    from compiler.bill import YARDSTICKS

    cells = _costs("a pot", bill.pot)
    if bill.run and bill.use:
        cells |= _costs(f"a run of {bill.use.run} iterations", bill.run)
        cells["an iteration, hours"] = f"{bill.use.period_s / 3600:.2f}"
        cells["a run, hours (days)"] = f"{bill.use.run_hours:.0f} ({bill.use.run_hours / 24:.1f})"
    cells["toeholds, of words to choose from"] = f"{len(bill.toeholds)} of {bill.words}"
    for t in bill.toeholds:
        cells |= _toehold(t)
    for strands, name in YARDSTICKS:
        cells[f"largest one-pot systems: {name}"] = f"{strands} strands"
    return cells


def show_works(works: Sequence[Work]) -> None:
    """Print circuits that learn, one a row."""
    from rich.table import Table

    from compiler.commands.outputs import console

    table = Table(title="chemical circuits that learn")
    for heading in ("circuit", "reference", "shown"):
        table.add_column(heading)
    for heading in ("species / reactions", "strands / nt"):
        table.add_column(heading, justify="right")
    for w in works:
        table.add_row(
            w.name, w.reference, w.shown, _published(w.species, w.reactions), _published(w.strands, w.nucleotides)
        )
    console().print(table)


def _published(first: int | None, second: int | None) -> str:
    if first is None and second is None:
        return "not published"
    return " / ".join("not published" if n is None else f"{n:,}" for n in (first, second))


def _costs(what: str, cost: Cost) -> dict[str, str]:
    kinds = ", ".join(f"{n} {name}" for name, n in cost.by_purification if n)
    cells = {
        f"{what}: strands ordered": f"{cost.strands} ({kinds})",
        f"{what}: DNA, nmol": f"{cost.need_nmol:.2f}",
        f"{what}: price": f"{cost.currency}{cost.price:,.0f} for {cost.syntheses} syntheses",
    }
    if cost.too_long:
        cells[f"{what}: too long for the price table"] = ", ".join(cost.too_long)
    return cells


def _toehold(t: Occlusion) -> dict[str, str]:
    return {
        f"toehold {t.toehold}, {t.length} nt: free, open on gates, µM": f"{t.free_nM / 1e3:.1f}, {t.open_nM / 1e3:.1f}",
        f"toehold {t.toehold}: occluded, at Kd = {t.dissociation_nM / 1e3:.3g} µM": f"{t.share:.0%}",
    }


def _fuels(fuel_nM: Mapping[str, float], volume_uL: float, use: Consumption) -> str:
    """The fuels that an iteration takes most of, in pmol, and of a run in nmol."""
    ranked = sorted(fuel_nM.items(), key=lambda item: (-item[1], item[0]))
    most = ", ".join(f"{n} {v * volume_uL / 1e3:.2f} ({use.run * v * volume_uL / 1e6:.2f})" for n, v in ranked[:SHOWN])
    total = sum(fuel_nM.values()) * volume_uL / 1e3
    return (
        f"Fuels and gates, pmol an iteration (nmol a run), measured over {use.measured} iterations: {most}, "
        f"all {len(ranked)}: {total:.1f} ({use.run * total / 1e3:.2f})"
    )
