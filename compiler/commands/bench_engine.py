"""``strandgrad bench engine``: integrators on compiled networks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from compiler.bench.contest import Result
    from compiler.bench.scaling import Scale

EXAMPLE = """\b
Examples:
  strandgrad bench engine -o out/engine
  strandgrad bench engine -o out/engine --designs linreg2d,cubic-xor --limit 60 --scaling
"""


@click.command("engine", epilog=EXAMPLE)
@click.option("-o", "--output", required=True, help="Folder for engine.csv, engine.md and engine.png.")
@click.option("--designs", help="Designs, separated by commas, or linear-N for N inputs. [default: five of all sizes]")
@click.option("--solvers", help="Solvers by the beginnings of their names, separated by commas. [default: all]")
@click.option("--limit", type=click.FloatRange(min=0, min_open=True), default=30.0, show_default=True,
              help="CPU seconds for the set-up and for each run, after which a solver has failed.")  # fmt: skip
@click.option(
    "--rounds", type=click.IntRange(1, 10**5), default=3, show_default=True, help="Timed rounds; the best counts."
)
@click.option("--scaling", is_flag=True, help="Also the cost of a period from 400 to 16,000 species.")
@click.option("--quick", is_flag=True, help="The smallest network and one round: does it run at all?")
def command(
    output: str, designs: str | None, solvers: str | None, limit: float, rounds: int, scaling: bool, quick: bool
) -> None:
    """One clock period of compiled networks by our integrators and by others, at equal measured error.

    Every solver has a process of its own and one core; tolerances are stepped until the error is small enough. Peers
    that are not installed are left out (pip install 'strandgrad[bench]'; Debian: gcc, libsundials-dev). The exit code
    is 1 if the default integrator failed on a network.
    """
    from compiler.bench.contest import contest
    from compiler.bench.networks import DESIGNS, shipped
    from compiler.bench.scaling import WIDTHS, scales

    names = _names(designs) or list(DESIGNS[:1] if quick else DESIGNS)
    chosen = _chosen(_names(solvers))
    results: list[Result] = []
    slowed = {}
    for name in names:
        problem = shipped(name)
        slowed[problem.name] = problem.slowed
        found = contest(problem, chosen, limit_s=limit, rounds=1 if quick else rounds, say=_say)
        results += [r for r in found if not r.failed.startswith("not installed")]
    sizes: tuple[Scale, ...] = ()
    if scaling:
        widths = [f"linear-{w}" for w in (WIDTHS[:2] if quick else WIDTHS)]
        sizes = scales([*widths, *(() if quick else DESIGNS)], shipped, _say)
    _write(Path(output), results, sizes, slowed, limit)
    click.echo(f"The tables are in {output}: engine.csv, engine.md, engine.png.")
    if any(r.failed for r in results if r.solver == "strandgrad ndf"):
        raise click.exceptions.Exit(1)


def _names(text: str | None) -> list[str]:
    return [n.strip() for n in text.split(",") if n.strip()] if text else []


def _chosen(wanted: list[str]) -> list[str]:
    from compiler.bench.solvers import SOLVERS
    from dsd.errors import InputError

    unknown = [w for w in wanted if not any(s.startswith(w) for s in SOLVERS)]
    if unknown:
        raise InputError(f"no solver is called {unknown[0]}...; the solvers are {', '.join(SOLVERS)}")
    return [s for s in SOLVERS if not wanted or s.startswith(tuple(wanted))]


def _say(sentence: str) -> None:
    click.echo(sentence, err=True)


def _write(out: Path, results: list[Result], sizes: tuple[Scale, ...], slowed: dict[str, float], limit: float) -> None:
    """Tables and the figure; click's table of the run is engine.md itself."""
    from matplotlib.figure import Figure

    from compiler.bench.contest import Result
    from compiler.bench.engine_report import csv_text, draw_contest, draw_scaling, markdown, scaling_markdown
    from compiler.bench.scaling import Scale
    from compiler.figures import rendered
    from dsd.files import write_atomic

    table = markdown(results, slowed, limit)
    write_atomic(out / "engine.csv", csv_text(results, Result))
    write_atomic(out / "engine.md", table)
    figure = Figure(figsize=(11 if sizes else 6, 4.5), layout="constrained")
    axes = figure.subplots(1, 2 if sizes else 1, squeeze=False)[0]
    draw_contest(axes[0], results)
    if sizes:
        write_atomic(out / "scaling.csv", csv_text(sizes, Scale))
        write_atomic(out / "scaling.md", scaling_markdown(sizes))
        draw_scaling(axes[1], sizes)
    write_atomic(out / "engine.png", rendered(figure, "png"))
    click.echo(table)
