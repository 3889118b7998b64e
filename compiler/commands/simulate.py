"""``strandgrad simulate``: a network over time, with its doses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from compiler.progress import Update
    from dsd.network import Network
    from dsd.trajectory import Trajectory

LINES = 12
"""Most species that a plot shows unless they are chosen."""

MOST = 5e7
"""Numbers in a table: 400 MB of memory."""

EXAMPLE = """\b
Examples:
  strandgrad simulate ring.crn --until 10h --every 60s -o traj.csv
  strandgrad simulate ring.crn --until 10h --plot traj.png --species O1,O2,O3
  strandgrad simulate ring.pil --until 10h --stochastic --volume 1pL --seed 7
"""


@click.command("simulate", epilog=EXAMPLE)
@click.argument("file")
@click.option("--until", required=True, help="Simulated time: 10h, 60s, 5min; a plain number if the file has no units.")
@click.option("--every", help="Time between rows. [default: a thousandth of --until]")
@click.option("-o", "--output", help="CSV file. [default: standard output, unless --plot is given]")
@click.option("--plot", help="Draw into this file (.png, .svg or .pdf).")
@click.option("--species", help="Species to draw, separated by commas. [default: those that change most]")
@click.option("--rtol", type=click.FloatRange(0, 1e-2, min_open=True), default=1e-6, show_default="1e-6")
@click.option("--atol", type=click.FloatRange(0, min_open=True), help="[default: from the smallest concentration]")
@click.option("--reduced", is_flag=True, help="Integrate slow quantities only.")
@click.option("--stochastic", is_flag=True, help="Draw single molecules' events instead.")
@click.option("--volume", help="Their volume: 1e-15L, 1fL, 5pL.")
@click.option("--molecules", type=float, help="In one unit, if the file has none.")
@click.option("--seed", type=click.IntRange(0), help="Of a stochastic run. [default: 0]")
@click.option("--quasi", is_flag=True, help="Take fast exchange to be in equilibrium.")
def command(
    file: str, until: str, every: str | None, output: str | None, plot: str | None, species: str | None,
    rtol: float, atol: float | None, reduced: bool, stochastic: bool, volume: str | None,
    molecules: float | None, seed: int | None, quasi: bool,
) -> None:  # fmt: skip
    """Integrate FILE (.crn, or .pil as its implementation network) by mass action, doses included.

    A formal file's stages all run at once here; train runs them in turn.
    """
    from compiler.commands.durations import duration
    from compiler.commands.volumes import omega
    from compiler.progress import bars
    from dsd.errors import InputError
    from dsd.files import write_atomic

    if reduced and stochastic:
        raise InputError("--reduced is for integration; of a stochastic run, --quasi takes fast exchange out")
    _only_stochastic({"--volume": volume, "--molecules": molecules, "--seed": seed, "--quasi": quasi}, stochastic)
    network = _network(file)
    end = duration(until, network.units, "--until")
    step = duration(every, network.units, "--every") if every else end / 1000
    if not end / step * len(network.names) <= MOST:
        raise InputError(f"--every = '{every}': {end / step:.3g} rows of {len(network.names)} species; sample less")
    chosen = _chosen(network, species)
    suffix = _suffix(plot) if plot else ""
    per_unit = omega(network.units, volume, molecules) if stochastic else 0.0
    with bars() as task:
        if stochastic:
            found = _sampled(network, end, step, per_unit, seed or 0, quasi, task("simulating"))
        else:
            found = _integrated(network, end, step, rtol, atol, reduced, task("simulating"))
    if plot:
        write_atomic(plot, _drawn(found, chosen or _liveliest(found), suffix))
    if output:
        write_atomic(output, found.to_csv())
    elif not plot:
        click.echo(found.to_csv(), nl=False)


def _only_stochastic(options: dict[str, object], stochastic: bool) -> None:
    from dsd.errors import InputError

    given = [name for name, value in options.items() if value is not None and value is not False]
    if given and not stochastic:
        raise InputError(f"{given[0]} is for a stochastic run; add --stochastic, or leave it out")


def _integrated(
    network: Network, end: float, step: float, rtol: float, atol: float | None, reduced: bool, progress: Update
) -> Trajectory:
    from dsd.integrate import Method, Tolerance, default_tolerance
    from dsd.reduction import reduction
    from dsd.simulate import simulate

    tolerance = Tolerance(rtol, atol, 10 * atol) if atol else default_tolerance(network, rtol)
    method: Method = "reduced" if reduced else "auto"
    if reduced:
        found = reduction(network)
        click.echo(
            f"Reduced: {found.size} quantities of {len(network.names)} species; its slowest intermediate lasts "
            f"{found.lag():.3g} {network.units.time if network.units.time != '1' else 'time units'}, which should be "
            f"little beside what you look at.",
            err=True,
        )
    return simulate(network, end, every=step, tolerance=tolerance, method=method, progress=progress)


def _sampled(
    network: Network, end: float, step: float, omega: float, seed: int, quasi: bool, progress: Update
) -> Trajectory:
    """One realisation; says on stderr where its approximation is doubtful."""
    from dsd.stochastic import RELIABLE, stochastic

    found = stochastic(
        network, end, omega=omega, seed=seed, every=step, method="quasi" if quasi else "exact", progress=progress
    )
    if found.separation < RELIABLE:
        click.echo(
            f"Warning: exchange was only {found.separation:.3g} times faster than what feeds on it; "
            f"check the run without --quasi.",
            err=True,
        )
    return found.trajectory


def _network(file: str) -> Network:
    from dsd.expand import expand
    from dsd.files import read_text
    from dsd.pil import parse_pil
    from dsd.syntax import parse_crn

    text = read_text(file)
    if file.endswith(".pil"):
        return expand(parse_pil(text, file)).network
    return parse_crn(text, file)


def _chosen(network: Network, species: str | None) -> list[str]:
    from dsd.errors import InputError
    from dsd.lexer import did_you_mean

    chosen = [name.strip() for name in species.split(",")] if species else []
    for name in chosen:
        if name not in network.index:
            remedy = did_you_mean(name, network.names, f"it has {', '.join(network.names[:LINES])}")
            raise InputError(f"--species: no species '{name}' in this network; {remedy}")
    return chosen


def _suffix(plot: str) -> str:
    from dsd.errors import InputError

    suffix = plot.rpartition(".")[2].lower()
    if suffix not in ("png", "svg", "pdf"):
        raise InputError(f"--plot = '{plot}': no kind of figure ends in .{suffix}; end it in .png, .svg or .pdf")
    return suffix


def _liveliest(found: Trajectory) -> list[str]:
    """The species whose concentrations range widest, in state order."""
    ranges = (found.y.max(axis=0) - found.y.min(axis=0)).tolist()
    order = sorted(range(len(ranges)), key=lambda i: -ranges[i])
    return [found.names[i] for i in sorted(order[:LINES])]


def _drawn(found: Trajectory, names: list[str], suffix: str) -> bytes:
    from matplotlib.figure import Figure

    from compiler.figures import CYCLE, rendered

    figure = Figure(figsize=(8, 4.5), layout="constrained")
    ax = figure.subplots()
    ax.set_prop_cycle(**CYCLE)
    found.plot(ax, names)
    ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), frameon=False)
    return rendered(figure, suffix)
