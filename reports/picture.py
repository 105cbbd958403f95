"""One page for one replayed schedule: story, diagram, what each step changes, the schedule to copy. No network."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest

from markupsafe import Markup

from reports.course import Course
from reports.html import templates
from reports.spacetime import diagram
from reports.wording import legible


@dataclass(frozen=True, slots=True)
class Picture:
    """What the page tells. ``tone`` is the verdict that colours it: ``failed``, ``passed`` or ``inconclusive``.

    ``story`` and ``requirement`` are paragraphs, of which the first says it all; ``facts`` are names with values;
    ``schedule`` is the text to copy, and ``again`` says how to replay it.
    """

    id: str
    title: str
    tone: str
    conclusion: str
    story: tuple[str, ...]
    requirement: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    course: Course
    schedule: str
    again: str

    @property
    def parts(self) -> tuple[str, ...]:
        """What the parts of the lanes are, by the place that gives them their colour."""
        told = dict.fromkeys(lane.parts for lane in self.course.lanes)
        places = zip_longest(*told, fillvalue=None)
        return tuple(" / ".join(dict.fromkeys(name for name in names if name)) for names in places)

    @property
    def bounded(self) -> bool:
        """Is some maximum exceeded?"""
        return any(
            lane.maximum is not None and any(values[0] > lane.maximum for values in lane.values)
            for lane in self.course.lanes
        )


def page(picture: Picture) -> str:
    """The page as HTML text."""
    template = templates().get_template("picture.html.j2")
    return legible(template.render(it=picture, drawing=Markup(diagram(picture.course))))
