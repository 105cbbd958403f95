"""The Connection Coordinator in the simulator: what a provider shows, what must never be, and casts of providers."""
