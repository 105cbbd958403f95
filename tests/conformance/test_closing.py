"""One closing window for a run: what comes later is judged with the scenario that it belongs to, live and stored."""

from __future__ import annotations

from conformance.closing import Later, closed, connections_in, names_connection, unclosed
from conformance.judge import judge
from conformance.stored import joined, judge_all
from conformance.view import TraceView
from reports.record import Claim, Meta, Outcome, Request, Response
from reports.trace import Trace, as_json
from reports.trace import from_json as record_of

SILENT = {"sender": "csp-a", "operation": "CreateConnection", "about": "u1"}


def begun(trace: Trace, name: str) -> Meta:
    about = {"id": name, "name": name, "protocol": "connection-coordinator", "seat": "csp-a", "target": "csp-a"}
    return trace.append(Meta(mark="scenario", data=about))


def call(trace: Trace, uuid: str, *, stray: bool = False) -> None:
    path, name = f"/providers/csp-a/environments/env1/interconnects/ix1/connections/{uuid}", f"x{len(trace)}"
    operation = "CreateConnection"
    trace.append(
        Request(
            exchange=name,
            sender="csp-a",
            receiver="csp-b",
            operation=operation,
            method="POST",
            path=path,
            stray=stray,
        )
    )
    trace.append(Response(exchange=name, sender="csp-b", receiver="csp-a", operation=operation, status=404))


def two_scenarios(*late: str, stray: bool = True) -> tuple[Trace, list[Later]]:
    """The first leaves a claim of silence about u1 open; during the second the target calls about these connections."""
    trace = Trace()
    first = begun(trace, "one")
    trace.append(Outcome(of=0, seat="csp-a", action="offer", result="ok", outputs={"uuid": "u1"}))
    claim = Claim(check="CC-KEY-007/1", seat="csp-a", rule="never_called", params=SILENT, since=first.seq)
    end = trace.append(Meta(mark="end", data={"open": True}))
    later = [Later(first, end.seq, (claim,))]
    second = begun(trace, "two")
    for uuid in late:
        call(trace, uuid, stray=stray)
    params = {"sender": "csp-a", "operation": "CreateConnection"}
    trace.append(Claim(check="CC-KEY-007/2", seat="csp-a", rule="never_called", params=params, since=second.seq))
    trace.append(Meta(mark="end"))
    return trace, later


def verdicts(trace: Trace) -> dict[str, str]:
    return {each.check: f"{each.scenario}: {each.finding.verdict}" for each in judge(list(trace))}


def test_silence_until_the_end() -> None:
    trace, later = two_scenarios()
    assert unclosed(trace) == {1}
    assert closed(trace, later) == [(7, 9)]
    assert unclosed(trace) == set()
    assert verdicts(trace) == {"CC-KEY-007/1": "one: passed", "CC-KEY-007/2": "two: passed"}


def test_what_comes_later_is_judged_with_its_own_scenario() -> None:
    trace, later = two_scenarios("u1")
    closed(trace, later)
    assert verdicts(trace) == {"CC-KEY-007/1": "one: failed", "CC-KEY-007/2": "two: passed"}
    claim = next(each for each in trace if isinstance(each, Claim) and each.until)
    assert (claim.until, claim.late) == (3, [5, 6])


def test_what_is_about_another_connection_is_none_of_its_business() -> None:
    trace, later = two_scenarios("u2", stray=False)
    closed(trace, later)
    assert verdicts(trace) == {"CC-KEY-007/1": "one: passed", "CC-KEY-007/2": "two: failed"}


def test_a_claim_in_the_middle_does_not_see_what_its_scenario_did_afterwards() -> None:
    trace = Trace()
    first = begun(trace, "one")
    claim = Claim(check="CC-KEY-007/1", seat="csp-a", rule="never_called", params=SILENT, since=first.seq, until=1)
    call(trace, "u1")
    end = trace.append(Meta(mark="end", data={"open": True}))
    closed(trace, [Later(first, end.seq, (claim,))])
    assert verdicts(trace) == {"CC-KEY-007/1": "one: passed"}


def test_shards_together_are_judged_alike() -> None:
    traces = []
    for _ in range(2):
        trace = Trace()
        trace.append(Meta(mark="run", data={"claimed": {"seats": ["csp-a"], "capabilities": []}}))
        first = begun(trace, "one")
        trace.append(Outcome(of=0, seat="csp-a", action="offer", result="ok", outputs={"uuid": "u1"}))
        claim = Claim(check="CC-KEY-007/1", seat="csp-a", rule="never_called", params=SILENT, since=first.seq)
        end = trace.append(Meta(mark="end", data={"open": True}))
        call(trace, "u1", stray=True)
        closed(trace, [Later(first, end.seq, (claim,))])
        traces.append(trace)
    found = judge_all(joined(traces))
    assert [(each.check, str(each.finding.verdict)) for each in found] == [("CC-KEY-007/1", "failed")] * 2


def test_records_survive_being_written() -> None:
    trace, later = two_scenarios("u1")
    closed(trace, later)
    assert [record_of(as_json(each)) for each in trace] == list(trace)


def test_strays_are_hidden_where_they_arrive() -> None:
    trace, _ = two_scenarios("u1")
    assert TraceView(list(trace)).exchanges("CreateConnection") == []
    assert connections_in(trace) == {"u1"}


def test_which_claims_can_wait() -> None:
    assert names_connection({"uuid": "u1"})
    assert names_connection(SILENT)
    assert not names_connection({"sender": "csp-a", "operation": "CreateMacSecKey"})
    assert not names_connection({"uuid": None})
