"""A throw-away PostgreSQL cluster for tests: its own directory, a Unix socket, nothing that listens elsewhere."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path


class NotHere(Exception):
    """No cluster can be made; the message says why."""


@contextlib.contextmanager
def cluster() -> Iterator[str]:
    """The URL of the database ``postgres`` of a new cluster, which is gone afterwards. Raises NotHere."""
    binaries = _binaries()
    user = _user()
    folder = Path(tempfile.mkdtemp(prefix="interlock-pg-"))  # short: the path of a socket has 107 characters at most
    try:
        if user is not None:
            os.chown(folder, user.pw_uid, user.pw_gid)
        data, name = folder / "data", "postgres"
        _run(user, [binaries / "initdb", "-A", "trust", "-U", name, "-N", "-E", "UTF8", "--locale=C", "-D", data])
        # Processes are killed here, never the machine: what the system has taken is safe without waiting for the disk.
        listen = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off"
        start = [binaries / "pg_ctl", "-D", data, "-w", "-o", listen, "-l", folder / "log"]
        _run(user, [*start, "start"])
        with _ended_with_us(user, binaries / "pg_ctl", folder):
            yield f"postgresql://{name}@/postgres?host={folder}"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _ended_with_us(user: pwd.struct_passwd | None, pg_ctl: Path, folder: Path) -> Iterator[None]:
    """Stop the cluster at the end, also where these tests are killed: who does it waits for our end of a pipe to close."""
    command = ["sh", "-c", 'cat; "$0" -D "$1/data" -m immediate -w stop; rm -rf "$1"', str(pg_ctl), str(folder)]
    keeper = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        start_new_session=True,
        user=user.pw_uid if user else None,
        group=user.pw_gid if user else None,
    )
    try:
        yield
    finally:
        keeper.communicate(timeout=60)


def _binaries() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    on_path = shutil.which("initdb")
    if not found and on_path is None:
        raise NotHere("PostgreSQL's initdb is not installed (Debian: apt install postgresql)")
    return found[-1].parent if found else Path(on_path or "").parent


def _user() -> pwd.struct_passwd | None:
    """PostgreSQL does not run as root; anybody else runs it themselves."""
    if os.getuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        raise NotHere("PostgreSQL does not run as root, and there is no user postgres") from None


def _run(user: pwd.struct_passwd | None, command: list[object]) -> None:
    done = subprocess.run(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd="/",
        timeout=60,
        check=False,
        user=user.pw_uid if user else None,
        group=user.pw_gid if user else None,
    )
    if done.returncode:
        raise NotHere(f"{command[0]} ended with {done.returncode}: {done.stdout[-500:]}")
