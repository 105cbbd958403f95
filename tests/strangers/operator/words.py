"""What may stand in the members of a message, and what may be asked of us (federation-wire, section 6)."""

from __future__ import annotations

import re
from typing import Any

Json = dict[str, Any]

FEDERATION = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_-]{6,126}[a-zA-Z0-9]")
ZONE = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_-]{6,30}[a-zA-Z0-9]")
MCC = re.compile(r"[0-9]{3}")
MNC = re.compile(r"[0-9]{2,3}")
HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?")
URL = re.compile(r"https?://[A-Za-z0-9.\[\]:-]+(/\S*)?")
NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")

_CODES = """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD
    CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF
    GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN
    KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA
    NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI
    SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI
    VN VU WF WS YE YT ZA ZM ZW
"""

COUNTRIES = frozenset(_CODES.split())


class Wrong(Exception):
    """This is not as it must be; the argument says what."""


def text(of: Json, name: str, *, at_most: int = 256) -> str:
    """A text that must be there."""
    value = of.get(name)
    if not isinstance(value, str) or not value.strip() or len(value) > at_most:
        raise Wrong(f"{name} has to be a text of 1 to {at_most} characters")
    return value


def spelled(of: Json, name: str, pattern: re.Pattern[str]) -> str:
    value = text(of, name)
    if not pattern.fullmatch(value):
        raise Wrong(f"{name} is not spelled as it has to be")
    return value


def optional(of: Json, name: str) -> str:
    """A text that may be absent; empty where it is."""
    value = of.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Wrong(f"{name} has to be a text")
    return value


def country(of: Json, name: str) -> str:
    value = text(of, name)
    if value not in COUNTRIES:
        raise Wrong(f"{name} is no assigned country code")
    return value


def texts(of: Json, name: str, pattern: re.Pattern[str]) -> list[str]:
    """A list of texts with at least one in it; what is named twice counts once."""
    value = of.get(name)
    if not isinstance(value, list) or not value:
        raise Wrong(f"{name} has to be a list with something in it")
    for each in value:
        if not isinstance(each, str) or not pattern.fullmatch(each):
            raise Wrong(f"{name} holds what is not spelled as it has to be")
    return list(dict.fromkeys(value))


def is_locator(value: str) -> bool:
    return bool(URL.fullmatch(value) or (":" in value and HOST.fullmatch(value)))


def is_address(value: str) -> bool:
    return bool(URL.fullmatch(value) or HOST.fullmatch(value))


def is_place(value: str) -> bool:
    """Latitude and longitude in degrees."""
    parts = [each.strip() for each in value.split(",")]
    if len(parts) != 2 or not all(NUMBER.fullmatch(each) for each in parts):
        return False
    return abs(float(parts[0])) <= 90 and abs(float(parts[1])) <= 180


def is_key(value: str) -> bool:
    return 8 <= len(value) <= 128 and value.isascii() and value.isprintable() and " " not in value
