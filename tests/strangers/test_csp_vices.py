"""What a stranger does wrong is caught by the check named for it: a few; all of them are
`python -m tests.strangers.certify --vices`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.strangers.certify import caught
from tests.strangers.served import node
from tests.strangers.vices import CAUGHT

pytestmark = pytest.mark.skipif(node() is None, reason="the stranger needs node")

IN_SECONDS = ("forgets-capacity", "keeps-rejected", "sticks-to-one")


@pytest.mark.parametrize("name", IN_SECONDS)
def test_a_vice_dies_by_its_check(name: str, tmp_path: Path) -> None:
    (row,) = (each for each in CAUGHT if each.vice == name)
    assert caught(row, tmp_path)
