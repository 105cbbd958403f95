"""Implementations that share no line with ours, in other languages, and known to us by their target files alone."""
