"""Microbenchmarks: ratios within one run, never absolute times. `pytest tests/benchmarks -s` prints the table."""
