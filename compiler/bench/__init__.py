"""Benchmarks: many training runs side by side, and the engine against what a user would pick instead."""
