"""Steps of the Federation Interconnect."""
