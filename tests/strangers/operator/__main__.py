"""``python -m tests.strangers.operator --partners 127.0.0.1:8081 --desk 127.0.0.1:8082``, with DESK_TOKEN in the environment.

It says ``open`` when both doors are, and ends with a signal.
"""

from __future__ import annotations

import argparse
import os
import sys
import threading

from .desk import Desk, complaint
from .east import East, told
from .errands import Errands
from .guests import Guests
from .house import House
from .web import Door


def main() -> None:
    options = argparse.ArgumentParser(prog="meridian")
    options.add_argument("--partners", default="127.0.0.1:8081")
    options.add_argument("--desk", default="127.0.0.1:8082")
    chosen = options.parse_args()
    (east_host, _, east_port), (desk_host, _, desk_port) = chosen.partners.partition(":"), chosen.desk.partition(":")
    house = House(f"http://{chosen.partners}")
    errands = Errands(house)
    partners = East(house, errands.mail)
    guests = Guests(house, errands, partners.admits)
    east = Door(east_host, int(east_port), [*partners.routes(), *guests.routes()], told)
    desk = Door(desk_host, int(desk_port), Desk(errands, guests, os.environ["DESK_TOKEN"]).routes(), complaint)
    for door in (east, desk):
        threading.Thread(target=door.serve_forever, daemon=True).start()
    sys.stdout.write("open\n")
    sys.stdout.flush()
    threading.Event().wait()


if __name__ == "__main__":
    main()
