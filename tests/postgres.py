"""A temporary PostgreSQL cluster, made with the installed server and deleted after the tests."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType

_USERS = ("postgres", "nobody")


class PostgresMissing(Exception):
    """No server can be started here. The message says what to install."""


class Cluster:
    """`with Cluster() as url` starts a fresh server on a loopback port. Raises PostgresMissing."""

    def __init__(self) -> None:
        self.binaries = _find_binaries()
        self.folder = Path(tempfile.mkdtemp(prefix="test-postgres-"))
        self.user = _unprivileged_user()

    def __enter__(self) -> str:
        port = _free_port()
        data = self.folder / "data"
        if self.user:
            shutil.chown(self.folder, self.user)
        self._call(
            "initdb", "--pgdata", str(data), "--auth", "trust", "--username", "tests", "--encoding", "UTF8", "-N"
        )
        options = (
            f"-p {port} -c listen_addresses=127.0.0.1 -k {self.folder} -c fsync=off -c full_page_writes=off "
            "-c synchronous_commit=off"
        )
        self._call("pg_ctl", "-D", str(data), "-o", options, "-w", "-l", str(self.folder / "log"), "start")
        self._call("createdb", "-h", "127.0.0.1", "-p", str(port), "-U", "tests", "knowledge")
        return f"postgres://tests@127.0.0.1:{port}/knowledge"

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._call("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "stop")
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def _call(self, program: str, *arguments: str) -> None:
        """Runs a server program, under an unprivileged account if we are root, which PostgreSQL refuses to run as."""
        command = [str(self.binaries / program), *arguments]
        done = subprocess.run(command, user=self.user, capture_output=True, text=True, cwd=self.folder, check=False)
        if done.returncode:
            raise PostgresMissing(f"{program} failed: {(done.stderr or done.stdout).strip()[-400:]}")


def _find_binaries() -> Path:
    folders = [*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
    folders += [Path(path).parent for name in ("initdb", "pg_ctl") if (path := shutil.which(name))]
    for folder in folders:
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            return folder
    raise PostgresMissing("no PostgreSQL server binaries (on Debian: apt install postgresql), and no TEST_POSTGRES_URL")


def _unprivileged_user() -> str | None:
    if os.geteuid() != 0:
        return None
    for name in _USERS:
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    raise PostgresMissing(f"PostgreSQL does not run as root, and no account exists for it: {', '.join(_USERS)}")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
