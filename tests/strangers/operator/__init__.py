"""Meridian Edge, an operator platform of its own make: it knows the documents of the federation and nothing of this project.

It is written from the tables, the catalogue and the wire contract alone, with Python's standard library alone, and does
otherwise than the reference wherever these let it. ``python -m tests.strangers.operator`` serves it, ``target.toml``
describes it in both seats, and ``vices`` names the ways in which it can be made to misbehave.
"""
