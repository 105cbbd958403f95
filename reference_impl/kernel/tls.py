"""What a party does with TLS, as a choice: 1.3 at least and certificates verified, or less for those who decide so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class TlsChoice:
    """``lowest`` is the lowest version that is spoken, as server and as client; ``verifies``: certificates of servers;
    ``in_the_clear``: requests without TLS are answered too."""

    lowest: Literal["1.2", "1.3"] = "1.3"
    verifies: bool = True
    in_the_clear: bool = False


STRICT = TlsChoice()
"""Nothing below 1.3, nobody without a certificate that somebody vouches for (CC-SEC-001, FI-AUTH-011)."""
