"""A cast of parties, the interconnect topology, an adversarial network and a virtual clock; explore, shrink, replay."""
