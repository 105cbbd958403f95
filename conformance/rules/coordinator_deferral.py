"""Rules of deferral: who drives, how long the other side waits, and what is left when it gives up (CC-DEFER-001 to -008)."""

from __future__ import annotations

from collections.abc import Sequence

from conformance.rules import rule
from conformance.rules.answers import exchange_of
from conformance.rules.coordinator import connection_in
from conformance.rules.coordinator_interconnects import body_of
from conformance.rules.coordinator_selection import proposals
from conformance.view import TraceView
from reports.verdict import Finding, Waiting


@rule
def placed_deferring(view: TraceView, sender: str, uuid: str, deferring: bool) -> Finding | Waiting:
    """The sender's CreateConnection carries deferProvisioning true, or does not; another name does not count (CC-ERR-15)."""
    made = proposals(view, sender, uuid)
    want = f"CreateConnection with{'' if deferring else 'out'} deferProvisioning"
    if not made:
        return Waiting(want)
    told = [(each.request.body or {}).get("deferProvisioning") for each in made]
    evidence = [each.request.seq for each in made]
    if (told[0] is True) if deferring else not any(told):
        return Finding.passed(f"deferProvisioning {told}", evidence=evidence)
    return Finding.failed(want=want, got=f"deferProvisioning {told}", evidence=evidence)


@rule
def drives_negotiation(view: TraceView, sender: str, uuid: str, channels: Sequence[str]) -> Finding | Waiting:
    """Guidance is asked and a feature proposed for each channel, in this order, under the sender's own ID (CC-DEFER-004)."""
    asked = view.exchanges("GenerateFeatureGuidance", sender=sender, ours=False, about=uuid)
    made = view.exchanges("CreateFeature", sender=sender, ours=False, about=uuid)
    reached = {str((each.request.body or {}).get("channel")).rpartition("/")[2] for each in made if each.succeeded}
    want = f"guidance, then features on {', '.join(channels)}"
    if not asked or not set(channels) <= reached:
        return Waiting(want, f"{len(asked)} times guidance, features on {', '.join(sorted(reached)) or 'no channel'}")
    evidence = [asked[0].request.seq, *(each.request.seq for each in made)]
    strange = [each for each in (*asked, *made) if not each.request.path.startswith(f"/providers/{sender}/")]
    if strange or (made and made[0].request.seq < asked[0].evidence[-1]):
        got = strange[0].told() if strange else "a feature before guidance"
        return Finding.failed(want=f"{want}, under providers/{sender}", got=got, evidence=evidence)
    return Finding.passed(f"{len(made)} features on {len(reached)} channels", evidence=evidence)


@rule
def deferral_prescribed(view: TraceView, exchange: str) -> Finding | Waiting:
    """The environment says deferConnectionProvisioning true, and a number of hours above 0 (CC-DEFER-005/2)."""
    seen = exchange_of(view, exchange)
    shown = body_of(seen)
    defers, hours = shown.get("deferConnectionProvisioning"), shown.get("deferralTimeoutHours")
    got = f"deferConnectionProvisioning {defers}, deferralTimeoutHours {hours}"
    if defers is True and isinstance(hours, int) and not isinstance(hours, bool) and hours > 0:
        return Finding.passed(got, evidence=seen.evidence)
    return Finding.failed(want="true, and hours above 0", got=got, evidence=seen.evidence)


@rule
def went_on_alone_or_gave_up(view: TraceView, seat_shown: str, uuid: str, alone: bool) -> Finding | Waiting:
    """After a refused deferral nothing is left and the customer reads failed, or (``alone``) it was negotiated without."""
    found, seq = connection_in(view, seat_shown, uuid)
    state = found["customer"] if found else "failed"
    places = found["placements"] if found else []
    got = f"{state}, {len(places)} placements"
    if state == "failed" and not places:
        return Finding.passed(got, evidence=[seq], errata=("CC-ERR-18",))
    plain = [
        each
        for each in proposals(view, seat_shown, uuid)
        if each.succeeded and not (each.request.body or {}).get("deferProvisioning")
    ]
    if alone and state == "established" and plain:
        return Finding.passed("negotiated itself", evidence=[*plain[-1].evidence, seq], errata=("CC-ERR-18",))
    want = "failed, and nothing left" + (", or established by its own negotiation" if alone else "")
    return Waiting(want, got, (seq,))


@rule
def guidance_for_channels(view: TraceView, exchange: str, channels: Sequence[str]) -> Finding | Waiting:
    """The answer holds a guidance for each of these channels."""
    seen = exchange_of(view, exchange)
    given = sorted(str(each.get("channel")).rpartition("/")[2] for each in body_of(seen).get("featureGuidance") or ())
    if seen.succeeded and given == sorted(channels):
        return Finding.passed(", ".join(given), evidence=seen.evidence)
    got = f"{seen.told()} with {', '.join(given) or 'no guidance'}"
    return Finding.failed(want=f"guidance for {', '.join(channels)}", got=got, evidence=seen.evidence)


@rule
def no_roll_back(view: TraceView, sender: str, uuid: str, read: str) -> Finding | Waiting:
    """No DeleteConnection left the sender so far, and it still knows the connection (CC-DEFER-006)."""
    made = view.exchanges("DeleteConnection", sender=sender, ours=False, about=uuid)
    seen = exchange_of(view, read)
    if made:
        return Finding.failed(want="no DeleteConnection", got=made[0].told(), evidence=made[0].evidence)
    if not seen.succeeded:
        return Finding.failed(want="the connection is there", got=seen.told(), evidence=seen.evidence)
    return Finding.passed("nothing deleted", evidence=seen.evidence)


@rule
def driver_stopped(view: TraceView, sender: str, uuid: str, deletion: str) -> Finding | Waiting:
    """After the acknowledged deletion no guidance, feature or notification about it begins (CC-DEFER-008)."""
    end = exchange_of(view, deletion)
    for operation in ("GenerateFeatureGuidance", "CreateFeature", "NotifyConnectionStatus"):
        for each in view.exchanges(operation, sender=sender, ours=False, about=uuid):
            if each.request.seq > end.evidence[-1]:
                return Finding.failed(want="no call afterwards", got=each.told(), evidence=each.evidence)
    return Finding.passed("no call afterwards", evidence=end.evidence)


@rule
def both_verified_or_gone(view: TraceView, pairs: Sequence[Sequence[str]]) -> Finding | Waiting:
    """Each time both sides read VERIFIED, or both answer 404 (CC-RACE-016/1)."""
    ends: list[str] = []
    evidence: list[int] = []
    for pair in pairs:
        seen = [exchange_of(view, each) for each in pair]
        evidence += [each.evidence[-1] for each in seen]
        shown = [
            "gone" if each.status == 404 else str(body_of(each).get("verificationState")).rpartition("_")[2]
            for each in seen
        ]
        if shown not in (["VERIFIED", "VERIFIED"], ["gone", "gone"]):
            want, got = "both VERIFIED, or neither there", " and ".join(shown)
            return Finding.failed(want=want, got=f"{got}, after {len(ends)} others", evidence=evidence[-2:])
        ends.append(shown[0])
    got = f"{ends.count('VERIFIED')} times VERIFIED, {ends.count('gone')} times gone"
    return Finding.passed(got, evidence=evidence)


@rule
def late_feature_refused(view: TraceView, sender: str, uuid: str) -> Finding | Waiting:
    """The sender's CreateFeature that was answered last was answered 404."""
    made = [e for e in view.exchanges("CreateFeature", sender=sender, ours=False, about=uuid) if e.response is not None]
    last = max(made, key=lambda each: each.evidence[-1], default=None)
    if last is None:
        return Waiting(f"a CreateFeature of {sender}")
    if last.status == 404:
        return Finding.passed(last.told(), evidence=last.evidence)
    return Finding.failed(want="404", got=last.told(), evidence=last.evidence)
