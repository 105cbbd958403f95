"""How a scenario asks something of a seat's customer or operator side: the northbound adapters.

Actions and outputs are those of coordinator-harness section 2 and federation-wire section 9. ``build.northbound_of`` makes
the adapter that a target file chooses.
"""

from __future__ import annotations

from conformance.northbound.answered import Answered, Lacks, Northbound, NorthboundError, lacking
from conformance.northbound.interlock import HttpNorthbound
from conformance.northbound.python import Failed, Refused, Running

__all__ = [
    "Answered",
    "Failed",
    "HttpNorthbound",
    "Lacks",
    "Northbound",
    "NorthboundError",
    "Refused",
    "Running",
    "lacking",
]
