"""The two protocols without I/O, and how to serve them for real."""
