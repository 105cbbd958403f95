"""The ways in which this operator can be made to misbehave: ``VICE=deaf-key python -m tests.strangers.operator``."""

from __future__ import annotations

import os

VICES = {
    "any-key": "does not look at the key of a request",
    "rescued": "a right x-api-key rescues a wrong Bearer",
    "shared-key": "takes one partner's key with the ids of another",
    "any-operator": "does not compare the operator id",
    "leaves-leases": "accepts the removal of a partner that has zones registered",
    "forgets-to-notify": "tells nobody of a new zone",
    "notifies-twice": "sends every notification of a new zone twice, as two requests",
    "some-of-them": "registers those of several zones that it can, and refuses",
    "tells-existence": "a stranger learns from the refusal whether a federation id exists",
    "names-the-other": "a refused registration names who has registered the zone",
    "mends-ids": "keeps a zone whose id is ill-formed under another one",
    "withdraws-leased": "withdraws a zone that a partner has registered",
    "merges-mnc": "adds the MNCs of an update to the known ones",
    "believes-silence": "takes a lost answer to a registration for a yes",
    "asks-for-ghosts": "asks the partner for zones that it does not know",
    "new-address": "lets a later add change a partner's address",
    "both-roles": "gives a partner both roles on one add",
    "keeps-catalogue": "keeps the zones of a partner that it has removed",
    "shows-keys": "shows its operator the addresses of partners with the key in them",
    "foreign-operator": "names the partner's operator id as its own when it registers",
    "forgets-refusal": "takes a refused deregistration for a yes",
    "breaks": "answers 500 to what is no JSON",
}

CHOSEN = os.environ.get("VICE", "")
if CHOSEN and CHOSEN not in VICES:
    raise SystemExit(f"VICE: want one of {', '.join(VICES)}, got {CHOSEN!r}")


def vice(name: str) -> bool:
    assert name in VICES, name
    return name == CHOSEN
