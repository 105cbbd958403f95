"""FastAPI apps made from the operation table: east/west, northbound, authentication, limits, TLS."""
