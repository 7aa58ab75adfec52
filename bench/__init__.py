"""Benchmarks: each prints our figure beside a stated peer or bar of the same run."""
