"""Mixing protocols as text: Markdown for the bench, CSV for a robot."""

from __future__ import annotations

import csv
import io

from dsd.orders.protocol import DOSE_SHARE, LEAST_UL, Protocol, enough_uL


def markdown(p: Protocol, title: str) -> str:
    """The protocol as a page: stocks, annealing, mixing in order, doses."""
    lines = [f"# Mixing protocol: {title}", "", *_assumptions(p), "", "## 1. Anneal", "", *_anneals(p), ""]
    lines += [f"## 2. Mix {p.volume_uL:g} µL, in this order, fuels last", "", *_mix(p), ""]
    if p.doses:
        lines += ["## 3. Dose, every period", "", *_doses(p), ""]
    return "\n".join(lines)


def table(p: Protocol) -> str:
    """The protocol as CSV: tube, step, what, from which stock (µM), how much (µL), what it makes (nM in that tube)."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(("tube", "step", "name", "stock_uM", "volume_uL", "final_nM"))
    for a in p.anneals:
        for strand in a.strands:
            rows.writerow((a.complex, "anneal", strand, _n(p.stock_uM), _n(a.strand_uL), _n(1000 * a.complex_uM)))
        rows.writerow((a.complex, "anneal", "10x buffer", "", _n(a.buffer_uL), ""))
    for x in p.additions:
        stock, final = (_n(x.stock_uM), _n(x.final_nM)) if x.stock_uM else ("", "")
        rows.writerow(("pot", x.step, x.name, stock, _n(x.volume_uL), final))
    for d in p.doses:
        rows.writerow(("pot", f"dose {d.when}", d.name, _n(d.stock_uM), _n(d.volume_uL), _n(d.amount_nM)))
    return out.getvalue()


def _n(value: float) -> str:
    return f"{value:.6g}"


def _assumptions(p: Protocol) -> list[str]:
    lines = [
        f"Every strand is dissolved in water at {p.stock_uM:g} µM; what is thinner below is diluted first, gates in "
        "buffer and strands in water. The buffer is 1x TE with 12.5 mM Mg2+ (10x stock), at 25 °C; a complex is "
        "annealed from equal amounts of its strands: 95 °C for 5 min, then 1 °C a minute down to 25 °C. These are "
        "assumptions: use your own conditions, and measure concentrations by absorbance.",
    ]
    if p.small:
        lines += [
            "",
            f"{p.small} of the additions are under {LEAST_UL:g} µL, and the pot has no room for dilutions: use an "
            f"acoustic dispenser, or mix {enough_uL(p):.4g} µL, where there is.",
        ]
    return lines


def _anneals(p: Protocol) -> list[str]:
    lines = ["| complex | strands, top left to right, bottom last | each, µL | 10x buffer, µL | makes, µM |"]
    lines += ["|---|---|---|---|---|"]
    for a in p.anneals:
        cells = (a.complex, ", ".join(a.strands), _n(a.strand_uL), _n(a.buffer_uL), _n(a.complex_uM))
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def _mix(p: Protocol) -> list[str]:
    lines = ["| | what | stock, µM | pipette, µL | in the pot, nM |", "|---|---|---|---|---|"]
    for x in p.additions:
        stock, final = (_n(x.stock_uM), _n(x.final_nM)) if x.stock_uM else ("", "")
        lines.append(f"| {x.step} | {x.name} | {stock} | {_n(x.volume_uL)} | {final} |")
    return [*lines, f"| | sum | | {_n(p.total_uL)} | |"]


def _doses(p: Protocol) -> list[str]:
    lines = [
        f"The largest dose takes {DOSE_SHARE:.1%} of the pot; a smaller one proportionally less of the same solution.",
        "",
        "| strand | when | largest dose, nM | solution, µM | pipette, µL |",
        "|---|---|---|---|---|",
    ]
    return [
        *lines,
        *(f"| {d.name} | {d.when} | {_n(d.amount_nM)} | {_n(d.stock_uM)} | {_n(d.volume_uL)} |" for d in p.doses),
    ]
