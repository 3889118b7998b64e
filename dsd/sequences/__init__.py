"""Nucleotides: sequences for the domains of a system, and what they are worth."""
