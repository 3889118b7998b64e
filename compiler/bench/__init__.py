"""Benchmarks: many training runs side by side, resumable, and the tables they make."""
