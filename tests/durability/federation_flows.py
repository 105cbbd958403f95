"""The flows of the Federation Interconnect in the kill table."""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile

from tests.durability.flow import Flow, Story, ended, sides
from tests.durability.pair import Pair, Seat

OPERATORS = ("op1", "op2")


async def _arrange(pair: Pair, story: Story) -> None:
    """A new federation of each operator and an arrangement between them; the host has a zone."""
    lead, host = sides(pair)
    network = {"mcc": "262", "mnc": ["01"]}
    ids, keys = [], []
    for seat, who in ((lead, {"operator": "Op1", "country": "DE"}), (host, {"operator": "Op2", "country": "FR"})):
        made = await seat.ask("create_self_federation", **who, **network, address=seat.url)
        ids.append(made["federation"])
        keys.append(made["api_key"])
    story.update(lead=ids[0], host=ids[1], zone=f"zone-{ids[1][:8]}", by=lead.id)
    await host.ask("onboard_cloudlet", name=story["zone"], location={"lat": 50.0, "long": 8.0})
    await _create_zone(host, story["zone"], story["zone"])
    arranged = await host.ask(
        "expect_partner",
        federation=ids[1],
        partner=ids[0],
        operator="Op1",
        country="DE",
        address=lead.url,
        api_key=keys[0],
    )
    story["key"] = arranged["api_key"]


async def _create_zone(host: Seat, zone: str, cloudlet: str) -> None:
    await host.ask("create_zone", zone=zone, cloudlets=[cloudlet], geo_location="50.0,8.0", country="FR")


async def _add(pair: Pair, story: Story) -> None:
    lead, host = sides(pair)
    begun = await lead.ask(
        "add_partner",
        federation=story["lead"],
        partner=story["host"],
        operator="Op2",
        country="FR",
        address=host.url,
        api_key=story["key"],
    )
    story["operation"] = begun["operation"]


async def _federated(pair: Pair, story: Story) -> str:
    """The lead has access and knows every zone of the host; the host shares."""
    lead, host = sides(pair)
    ended = await lead.result(story["operation"])
    if ended != "ok":
        return f"the operation is {ended}"
    here, there = await lead.state(), await host.state()
    roles = [
        [(each["access"], each["share"]) for each in state["partners"] if each["partner"] == partner]
        for state, partner in ((here, story["host"]), (there, story["lead"]))
    ]
    if roles != [[(True, False)], [(False, True)]]:
        return f"the roles are {roles}"
    known = sorted(each["zone"] for each in here["partner_zones"] if each["partner"] == story["host"])
    zones = sorted(each["zone"] for each in there["zones"])
    return "" if known == zones else f"the lead knows {known}, the host has {zones}"


async def _federate(pair: Pair, story: Story) -> None:
    await _arrange(pair, story)
    await _add(pair, story)
    await ended(pair, story, _federated)


async def _register(pair: Pair, story: Story) -> None:
    lead, _ = sides(pair)
    story["operation"] = (await lead.ask("register_zone", partner=story["host"], zones=[story["zone"]]))["operation"]


async def _registered(pair: Pair, story: Story) -> str:
    """Both have the zone as registered, once, and nothing else is."""
    lead, host = sides(pair)
    ended = await lead.result(story["operation"])
    if ended != "ok":
        return f"the operation is {ended}"
    mine = [each["zone"] for each in (await lead.state())["partner_zones"] if each["partner"] == story["host"]]
    here = [
        each["zone"]
        for each in (await lead.state())["partner_zones"]
        if each["partner"] == story["host"] and each["registered"]
    ]
    there = [each["zone"] for each in (await host.state())["registrations"] if each["partner"] == story["lead"]]
    same = story["zone"] in mine and here == there == [story["zone"]]
    return "" if same else f"registered are {here} at the lead, {there} at the host"


async def be_registered(pair: Pair, story: Story) -> None:
    await _federate(pair, story)
    await _register(pair, story)
    await ended(pair, story, _registered)


async def _deregister(pair: Pair, story: Story) -> None:
    lead, _ = sides(pair)
    story["operation"] = (await lead.ask("deregister_zone", partner=story["host"], zones=[story["zone"]]))["operation"]


async def _deregistered(pair: Pair, story: Story) -> str:
    """The zone is known and not registered, on both sides."""
    lead, host = sides(pair)
    ended = await lead.result(story["operation"])
    if ended != "ok":
        return f"the operation is {ended}"
    here = [
        (each["zone"], each["registered"])
        for each in (await lead.state())["partner_zones"]
        if (each["partner"], each["zone"]) == (story["host"], story["zone"])
    ]
    there = [each for each in (await host.state())["registrations"] if each["partner"] == story["lead"]]
    return "" if (here, there) == ([(story["zone"], False)], []) else f"the lead shows {here}, the host {there}"


async def _remove(pair: Pair, story: Story) -> None:
    lead, _ = sides(pair)
    story["operation"] = (await lead.ask("remove_partner", partner=story["host"]))["operation"]


async def _removed(pair: Pair, story: Story) -> str:
    """Neither shows the other any more, and the lead knows no zone of the host."""
    lead, host = sides(pair)
    ended = await lead.result(story["operation"])
    if ended != "ok":
        return f"the operation is {ended}"
    here, there = await lead.state(), await host.state()
    left = [each for each in (*here["partners"], *here["partner_zones"]) if each["partner"] == story["host"]]
    left += [each for each in there["partners"] if each["partner"] == story["lead"]]
    return f"left are {left}" if left else ""


async def _share(pair: Pair, story: Story) -> None:
    """One more zone, of which the lead has to hear."""
    _, host = sides(pair)
    story["more"] = f"{story['zone']}-more"
    await _create_zone(host, story["more"], story["zone"])


async def _shared(pair: Pair, story: Story) -> str:
    lead, host = sides(pair)
    known = [each["zone"] for each in (await lead.state())["partner_zones"] if each["partner"] == story["host"]]
    there = await host.state()
    untold = [each for each in there["undelivered"] if each["partner"] == story["lead"]]
    mine = [each["zone"] for each in there["zones"]]
    well = not untold and story["more"] in known and sorted(known) == sorted(mine)
    return "" if well else f"the lead knows {known}, the host has {mine} and is to tell {untold}"


async def _be_shared(pair: Pair, story: Story) -> None:
    await _federate(pair, story)
    await _share(pair, story)
    await ended(pair, story, _shared)


async def _withdraw(pair: Pair, story: Story) -> None:
    _, host = sides(pair)
    story["by"] = host.id
    story["operation"] = (await host.ask("delete_zone", zone=story["more"]))["operation"]


async def _withdrawn(pair: Pair, story: Story) -> str:
    """Neither side knows the zone any more; the others stay."""
    lead, host = sides(pair)
    ended = await host.result(story["operation"])
    if ended != "ok":
        return f"the operation is {ended}"
    known = [each["zone"] for each in (await lead.state())["partner_zones"] if each["partner"] == story["host"]]
    mine = [each["zone"] for each in (await host.state())["zones"]]
    well = story["more"] not in mine and story["zone"] in mine and sorted(known) == sorted(mine)
    return "" if well else f"the lead knows {known}, the host has {mine}"


async def _attributes(pair: Pair, story: Story) -> None:
    _, host = sides(pair)
    story["locator"] = f"locator-{story['host'][:8]}.example"
    await host.ask("update_attributes", federation=story["host"], mcc="208", mnc=["10"], locator=story["locator"])


async def _told_attributes(pair: Pair, story: Story) -> str:
    """The lead has the host's new attributes, and the host has nothing more to tell."""
    lead, host = sides(pair)
    partners = [each for each in (await lead.state())["partners"] if each["partner"] == story["host"]]
    shown = [(each["mcc"], each["mnc"], each["locator"]) for each in partners]
    untold = [each for each in (await host.state())["undelivered"] if each["partner"] == story["lead"]]
    well = shown == [("208", ["10"], story["locator"])] and not untold
    return "" if well else f"the lead shows {shown}, the host is to tell {untold}"


def _archive(story: Story) -> bytes:
    """An artifact that no other story has."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(zipfile.ZipInfo("chart"), story["host"] * 1000)
    return file.getvalue()


async def _onboard(pair: Pair, story: Story) -> None:
    lead, _ = sides(pair)
    component = {"componentId": "c1", "ComputeResourceRequirements": {"resourceProfileId": "p1"}}
    begun = await lead.ask(
        "onboard_application",
        **_application(story),
        version="1.0",
        developer="dev1",
        artifact=base64.b64encode(_archive(story)).decode(),
        components=[component],
    )
    story["operation"] = begun["operation"]


def _application(story: Story) -> Story:
    return {"partner": story["host"], "zone": story["zone"], "application": "app-of-dev-1"}


async def _onboarded(pair: Pair, story: Story) -> str:
    """Both sides say so, once, and the artifact is in the host's registry, whole; nothing there is half written."""
    lead, host = sides(pair)
    ended = await lead.result(story["operation"])
    if ended != "ok":
        return f"the operation is {ended}"
    here = [each["status"] for each in (await lead.state())["applications"] if each["partner"] == story["host"]]
    there = await host.state()
    hosted = [each["state"] for each in there["hosted_applications"] if each["partner"] == story["lead"]]
    artifacts = [each for each in there["artifacts"] if each["partner"] == story["lead"]]
    if (here, hosted, len(artifacts)) != (["onboarded"], ["ONBOARDED"], 1):
        return f"the lead shows {here}, the host {hosted} and {artifacts}"
    digest = hashlib.sha256(_archive(story)).hexdigest()
    folder = host.folder / f"{host.id}-registry"
    kept = folder / digest[:2] / digest[2:]
    if artifacts[0]["digest"] != digest or not kept.exists() or kept.read_bytes() != _archive(story):
        return f"the registry has no {digest}"
    return f"half written are {half}" if (half := [*folder.glob("half-*")]) else ""


async def _be_onboarded(pair: Pair, story: Story) -> None:
    await be_registered(pair, story)
    await _onboard(pair, story)
    await ended(pair, story, _onboarded)


async def _deboard(pair: Pair, story: Story) -> None:
    lead, _ = sides(pair)
    story["operation"] = (await lead.ask("deboard_application", **_application(story)))["operation"]


async def _deboarded(pair: Pair, story: Story) -> str:
    """Neither side has it any more; the zone stays registered."""
    lead, host = sides(pair)
    ended = await lead.result(story["operation"])
    if ended != "ok":
        return f"the operation is {ended}"
    here = [each for each in (await lead.state())["applications"] if each["partner"] == story["host"]]
    there = await host.state()
    hosted = [each for each in there["hosted_applications"] if each["partner"] == story["lead"]]
    zones = [each["zone"] for each in there["registrations"] if each["partner"] == story["lead"]]
    well = not here and not hosted and zones == [story["zone"]]
    return "" if well else f"the lead shows {here}, the host {hosted}, registered are {zones}"


FEDERATION_FLOWS = (
    Flow(
        "add partner",
        "federation-interconnect",
        OPERATORS,
        ("op1 POST /operator/partner 1",),
        _arrange,
        _add,
        _federated,
    ),
    Flow(
        "register zone",
        "federation-interconnect",
        OPERATORS,
        ("op1 POST /operator/zone 1",),
        _federate,
        _register,
        _registered,
    ),
    Flow(
        "deregister zone",
        "federation-interconnect",
        OPERATORS,
        ("op1 DELETE /operator/zone 1",),
        be_registered,
        _deregister,
        _deregistered,
    ),
    Flow(
        "remove partner",
        "federation-interconnect",
        OPERATORS,
        ("op1 DELETE /operator/partner 1",),
        _federate,
        _remove,
        _removed,
    ),
    Flow(
        "share zone",
        "federation-interconnect",
        OPERATORS,
        ("op2 POST /operator/notify/zone 1",),
        _federate,
        _share,
        _shared,
    ),
    Flow(
        "delete zone",
        "federation-interconnect",
        OPERATORS,
        ("op2 DELETE /operator/notify/zone 1",),
        _be_shared,
        _withdraw,
        _withdrawn,
    ),
    Flow(
        "update attributes",
        "federation-interconnect",
        OPERATORS,
        ("op2 PUT /operator/partner 1",),
        _federate,
        _attributes,
        _told_attributes,
    ),
    Flow(
        "onboard application",
        "federation-interconnect",
        OPERATORS,
        (
            "op1 POST /operator/artifacts 1",
            "op2 GET /operator/artifact/status 1",
            "op1 POST /operator/application/onboarding 1",
            "op1 GET /operator/application/onboarding 1",
        ),
        be_registered,
        _onboard,
        _onboarded,
    ),
    Flow(
        "deboard application",
        "federation-interconnect",
        OPERATORS,
        ("op1 DELETE /operator/application/onboarding 1",),
        _be_onboarded,
        _deboard,
        _deboarded,
    ),
)
