"""The tables of what the server itself does northbound, for both protocols: control hooks and its own actions.

The hooks are those of coordinator-harness, section 3.
"""

from __future__ import annotations

from reference_impl.kernel.action import Action, Kind, Value, may, table

_MATCH = may("match", summary="a shell pattern over the subject of a job, such as */l3-ch3; all jobs without it")

HOOKS = table(
    Action(
        "reset",
        "test",
        "An empty party with the inventory of that name; the first one where none is named",
        (may("inventory"), may("seat", summary="which side's copy it is, where the copies differ")),
        (Value("inventory"),),
    ),
    Action(
        "settle",
        "test",
        "Wait until nothing is under way",
        (Value("limit_ms", Kind.NUMBER, summary="the longest wait, in milliseconds"),),
        (Value("settled", Kind.TRUTH),),
    ),
    Action("hold_provisioning", "test", "Jobs of the equipment do not end until they are released", (_MATCH,)),
    Action("release_provisioning", "test", "Held and failing jobs are so no more", (_MATCH,)),
    Action("fail_provisioning", "test", "Jobs of the equipment fail until they are released", (_MATCH,)),
    Action(
        "advance_clock",
        "test",
        "Let time pass for this party: whatever falls due in it happens",
        (Value("ms", Kind.NUMBER, summary="milliseconds"),),
        (Value("now", Kind.NUMBER),),
    ),
    Action("restart", "test", "An orderly stop and start"),
    Action("crash", "test", "As if the power had failed, and a start"),
)

SERVER_ACTIONS = table(
    Action(
        "logs",
        "operator",
        "The newest lines of the log, one JSON object each; no secret is in it",
        (may("since", summary="only lines from this moment on, such as 2026-01-31T12:00:00.000+00:00"),),
        (Value("text"),),
    ),
    Action(
        "rotate_credentials",
        "operator",
        "Read the tokens and certificates of PARTY.toml and its files again; the same as the signal SIGHUP",
        (),
        (Value("partners", Kind.TEXTS, summary="whose tokens hold from now on"),),
    ),
)
