"""Longer measurements, started by hand."""
