"""Moments as on the wire, under the name that they have here."""

from __future__ import annotations

from reference_impl.kernel.moments import read as read
from reference_impl.kernel.moments import written as written
