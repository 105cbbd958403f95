"""What every command raises where it is asked for something that it cannot do."""

from __future__ import annotations


class Usage(Exception):
    """The command was asked for something it cannot do; the message says what it wants."""
