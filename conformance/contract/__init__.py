"""Contracts of a protocol: a document read with all its files, and what sets it apart from ours."""
