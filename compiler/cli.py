"""The command ``strandgrad``: a thin group whose subcommands are imported when they are called.

Exit codes: 0 done, 1 a check failed, 2 bad input (one message, no traceback), 130 stopped by Ctrl-C.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click

from dsd.errors import StrandgradError, clipped

COMMANDS = {
    "new": "Write a first design, for your own table or as an example.",
    "designs": "List the shipped designs, and what each is for.",
    "compile": "Print a design, or a file of any level, at a later level.",
    "simulate": "Integrate a .crn or .pil file over time.",
    "train": "Train a design at one level.",
    "compare": "Train a design at several levels; does learning survive?",
    "report": "Write the page on a folder of results: verdict, curves, gates, cost.",
    "controls": "Leave parts of a pot out, one by one; does it stop learning?",
    "verify": "Prove that the gates of a design or file do what they claim.",
    "robustness": "How strong a fault does a design stand; what fails first?",
    "map": "Say which concentrations meet a design's rates, and what limits them.",
    "size": "Count species, reactions, strands and nucleotides of a design.",
    "sequences": "Design nucleotide sequences, and write what a laboratory orders and pipettes.",
    "export": "Write a design, or a file, in the formats of other tools.",
    "reporters": "Add fluorescent reporters, and say what load they add.",
    "draw": "Draw strands and gates, a pathway, and the circuit.",
    "ladder": "Build a design's pot up step by step: strands and expected curves.",
    "fit": "Fit a kinetics profile to a plate reader's traces of a single gate.",
    "sweep": "Final loss of a design over its control parameters.",
    "clock": "Measure an oscillator on its own, formal or as strands.",
    "bench": "Train many designs and tabulate them beside the paper.",
    "doctor": "Check the installation: libraries, versions, cores, caches.",
    "completion": "Print what completes commands and options in your shell.",
}
"""Subcommand and the line that the overview says about it."""

EXAMPLES = """\b
Examples:
  strandgrad compare linreg2d -o out
  strandgrad compile linreg2d --to dsd -o linreg2d.pil
"""


LONGEST = 4000
"""Most characters of a message; what a file holds may be longer."""


STOPPED = "Stopped; no file is half written. The same command begins anew."
"""What a command says of Ctrl-C that has nothing to go on from; the others say how they go on."""


class BadInput(click.ClickException):
    """What the user gave cannot be used."""

    exit_code = 2


class Commands(click.Group):
    """A group that knows its commands by name, and turns the project's errors into exit codes."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of the subcommands, in the order of work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one subcommand."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"compiler.commands.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As in click, with the remedy in the message for an unknown name."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            ctx.fail(f"No command '{args[0]}'; the commands are {', '.join(COMMANDS)}.")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the subcommands from the table, without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> Any:
        """Run a subcommand; deliberate errors become one message."""
        try:
            return super().invoke(ctx)
        except StrandgradError as error:
            raise BadInput(clipped(str(error), LONGEST)) from None
        except KeyboardInterrupt:
            click.echo(f"\n{STOPPED}", err=True)
            raise click.exceptions.Exit(130) from None


def _version(ctx: click.Context, parameter: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        from compiler import __version__

        click.echo(f"strandgrad {__version__}")
        ctx.exit()


@click.group(cls=Commands, epilog=EXAMPLES, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Show the version.")
def cli() -> None:
    """Compile learning chemical reaction networks into DNA strand displacement, and check that they still learn.

    DESIGN is a design.toml, its folder, or the name of a shipped design.
    """


def main() -> None:
    """Entry point of the console script."""
    cli(prog_name="strandgrad")


if __name__ == "__main__":
    main()
