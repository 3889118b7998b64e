"""Benchmarks of the engine against what a user would pick instead."""
