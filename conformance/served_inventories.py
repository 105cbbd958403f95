"""What a served reference party can be given by its hook ``reset``: the named inventories, as either side's copy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from conformance.cast import CASTS, Cast
from reference_impl.kernel.tables import Tables
from reference_impl.serve.config import PartyConfig
from simulator.inventories import PLANS


def inventories_for(config: PartyConfig) -> dict[str, Callable[[Tables], None]]:
    """Stocks by name, and by ``NAME@SEAT`` for the copy of one seat.

    The party's first partner is its counterpart there, the second one the third party. Without a seat the party takes
    the one that its id names, else the protocol's first.
    """
    cast = CASTS[config.protocol]
    one, other, third = cast.seats
    own = f"{'https' if config.tls.certificate else 'http'}://{config.listen.host}:{config.listen.port}"
    known = [(config.id, own), *((each.id, each.url) for each in config.partners)]
    stocks: dict[str, Callable[[Tables], None]] = {}
    for seat, opposite in ((other, one), (one, other)):
        line = dict(zip((seat, opposite, third), known, strict=False))
        for name in PLANS if cast.bearer else (cast.inventory,):
            stock = stocks[f"{name}@{seat}"] = partial(_fill, cast, seat, name, line)
            if seat in (config.id, one) and not (config.id == other and seat == one):
                stocks[name] = stock
    return stocks


def _fill(cast: Cast, seat: str, name: str, line: Mapping[str, tuple[str, str]], tables: Tables) -> None:
    """``line`` holds id and URL by seat."""
    ids = {each: id_ for each, (id_, _) in line.items()}
    cast.stock(seat, name, lambda each: line[each][1] if each in line else "", ids)(tables)
