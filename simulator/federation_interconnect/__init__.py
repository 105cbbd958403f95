"""The Federation Interconnect in the simulator: what an operator shows, what must never be, and casts of operators."""
