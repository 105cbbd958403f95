"""A protocol of two operations, for the kernel's tests: an errand to be run, a bell to be rung."""

from __future__ import annotations

from dataclasses import dataclass

from reference_impl.kernel.operation import Operation
from reference_impl.kernel.party import (
    CALLS,
    Acted,
    Answer,
    Call,
    Handlers,
    Message,
    Party,
    Refusal,
    Requested,
    Subject,
    Turn,
)
from reference_impl.kernel.tables import Table


@dataclass(frozen=True, slots=True)
class Note:
    name: str
    text: str


NOTES = Table("notes", Note, ("name",))

Toy = Turn[None]


class Text(Message):
    text: str = ""


def _write(turn: Toy, name: str, text: str) -> None:
    turn.tx.put(NOTES, Note(name, text))


def _ask(turn: Toy, asked: Acted) -> Answer:
    """Send an errand to the peer."""
    turn.call("them", "Errand", {}, body=Text(text=asked.inputs["text"]), subject=(asked.inputs["text"],))
    return Answer(Text(text="sent"), status=202)


def _spoil(turn: Toy, asked: Acted) -> Answer:
    """Do a little of everything, then refuse."""
    _write(turn, "half", "done")
    turn.call("them", "Errand", {})
    turn.arm("bell", ("x",), 5)
    turn.provision("dig", ("x",))
    turn.reply("earlier", Answer())
    raise Refusal(409, "want nothing, got something")


def _wait(turn: Toy, asked: Acted) -> Answer | None:
    """Held until the bell rings."""
    _write(turn, "held", asked.to)
    turn.arm("bell", ("x",), 5_000)
    return None


def _dig(turn: Toy, asked: Acted) -> Answer:
    turn.provision("dig", (asked.inputs["where"],))
    return Answer()


def _errand(turn: Toy, request: Requested) -> Answer:
    body = request.body
    text = body.text if isinstance(body, Text) else ""
    if text == "no":
        raise Refusal(400, "want anything but no")
    _write(turn, f"errand {text}", request.caller)
    return Answer(Text(text=text.upper()))


def _ran(turn: Toy, call: Call, status: int | None, body: Text | None) -> None:
    if call.subject == ("replace",):  # the other call is replaced by one with its number, the bell is set anew
        turn.tx.delete(CALLS, 2)
        turn.tx.put(CALLS, Call(2, "them", "Errand", (), body=Text(text="new"), subject=("new",)))
        turn.arm("bell", ("x",), 7_000)
    if status is None and call.attempt < 2:
        turn.again(call, 1_000 << call.attempt)
    told = body.text if body else "?"
    _write(turn, "answer " + "/".join(call.subject), f"{status} {told} after {call.attempt}")


def _bell(turn: Toy, subject: Subject) -> None:
    held = turn.tx.delete(NOTES, "held")
    if held is not None:
        turn.reply(held.text, Answer(Text(text="ding")))


def _dug(turn: Toy, subject: Subject, done: bool) -> None:
    _write(turn, "dug " + "/".join(subject), str(done))


OPERATIONS = {"Errand": Operation("Errand", "POST", "/errands", Text, Text)}


def party(me: str = "we") -> Party[None]:
    return Party(
        me,
        OPERATIONS,
        (NOTES,),
        Handlers(
            requested={"Errand": _errand},
            acted={"ask": _ask, "spoil": _spoil, "wait": _wait, "dig": _dig},
            responded={"Errand": _ran},
            fired={"bell": _bell},
            provisioned={"dig": _dug},
        ),
        None,
        lambda refusal: Text(text=refusal.detail),
    )
