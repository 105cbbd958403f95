"""The flows of the kill table: a new one is a new row in the table of its protocol."""

from __future__ import annotations

from tests.durability.coordinator_flows import COORDINATOR_FLOWS
from tests.durability.federation_flows import FEDERATION_FLOWS

FLOWS = (*COORDINATOR_FLOWS, *FEDERATION_FLOWS)
