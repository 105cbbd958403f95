"""The races, by requirement id."""

from __future__ import annotations

from simulator.race import Race
from simulator.races import cc_race_001

RACES: dict[str, Race] = {race.id: race for race in (cc_race_001.race,)}
