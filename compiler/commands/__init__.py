"""Subcommands of ``strandgrad``, a module each; its ``command`` is what :mod:`compiler.cli` loads."""
