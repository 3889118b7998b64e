"""``strandgrad completion``: the script by which a shell completes commands and options."""

from __future__ import annotations

import click

EXAMPLE = """\b
Examples:
  strandgrad completion bash >> ~/.bashrc
  strandgrad completion zsh >> ~/.zshrc
  strandgrad completion fish > ~/.config/fish/completions/strandgrad.fish
"""


@click.command("completion", epilog=EXAMPLE)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> None:
    """Print the script that makes SHELL complete the commands, options and choices of strandgrad at the Tab key."""
    from click.shell_completion import get_completion_class

    from compiler.cli import cli

    made = get_completion_class(shell)
    assert made is not None, "click completes bash, zsh and fish"
    click.echo(made(cli, {}, "strandgrad", "_STRANDGRAD_COMPLETE").source())
