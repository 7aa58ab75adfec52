"""The demonstration as a visitor meets it: an own process, folder, database and port."""

import contextlib
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

HOST = "meierijstad.localhost"
ROOT = Path(__file__).parents[2]


@dataclass
class Site:
    """One installation in a folder of its own; the web process can be killed and started again."""

    # A short folder: the name of a PostgreSQL socket has room for 107 characters.
    var: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="omzien-", dir="/tmp")))
    port: int = field(default_factory=lambda: free_port())
    process: subprocess.Popen[bytes] | None = None
    more: dict[str, str] = field(default_factory=dict)  # settings of one journey

    @property
    def address(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def log(self) -> str:
        return (self.var / "web.log").read_text(encoding="utf-8", errors="replace")

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "omzien.cli", *words]

    def environment(self) -> dict[str, str]:
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("DATABASE_", "OMZIEN_"))}
        return {
            **clean,
            "OMZIEN_VAR": str(self.var),
            "OMZIEN_DEMO": "1",
            "OMZIEN_HTTPS": "0",
            "OMZIEN_PROXIES": "1",  # so that each visitor can come from an address of its own
            "OMZIEN_SMTP_PORT": str(free_port()),
            "PYTHONPATH": str(ROOT / "src"),
            "PYTHONUNBUFFERED": "1",
            **self.more,
        }

    def start(self, *words: str) -> float:
        """Start the web process; return after how many seconds it answered."""
        began = time.monotonic()
        with (self.var / "web.log").open("ab") as log:
            self.process = subprocess.Popen(
                self.command(*(words or ("serve",)), "--port", str(self.port)),
                env=self.environment(),
                cwd=self.var,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        while time.monotonic() - began < 240:
            if self.process.poll() is not None:
                raise RuntimeError(f"the site stopped:\n{self.log}")
            if self.answers():
                return time.monotonic() - began
            time.sleep(0.1)
        raise RuntimeError(f"the site did not answer:\n{self.log}")

    def answers(self) -> bool:
        try:
            return self.get("/gezond").status == 200
        except OSError:
            return False

    def get(self, path: str) -> "Reply":
        """Fetch a page without a browser."""
        return self.send("GET", path)

    def send(self, method: str, path: str, body: bytes | None = None) -> "Reply":
        """Ask something without a browser; a body is that of a form."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Host": f"{HOST}:{self.port}"}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        # A body that is too long is answered before all of it was read.
        with contextlib.suppress(BrokenPipeError):
            connection.request(method, path, body, headers)
        reply = connection.getresponse()
        found = Reply(reply.status, dict(reply.getheaders()), reply.read())
        connection.close()
        return found

    def kill(self) -> None:
        """`kill -9` the web process and its workers: nothing gets a chance to tidy up."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):  # it died by itself
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def stop(self) -> None:
        """Ask the web process to stop, as Ctrl-C and systemd do, and wait until it did."""
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(timeout=30)
            self.process = None

    @property
    def postmaster(self) -> list[str]:
        """The lines of PostgreSQL's pid file: first its process id, fifth its socket folder."""
        return (self.var / "postgres" / "postmaster.pid").read_text("utf-8").splitlines()

    def contents(self) -> dict[str, Sequence[str]]:
        """Return every row of every table of ours, as PostgreSQL's superuser sees them."""
        import psycopg
        from psycopg import sql

        with psycopg.connect(
            host=self.postmaster[4], user="postgres", dbname="omzien"
        ) as connection:
            names = connection.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            ).fetchall()
            rows = sql.SQL("SELECT t::text FROM {} t ORDER BY 1")
            return {
                name: [r for (r,) in connection.execute(rows.format(sql.Identifier(name)))]
                for (name,) in names
            }

    def settle(self) -> None:
        """Wait until the worker's first round is over: it sends the mails of the day."""
        before = self.contents()
        for _ in range(30):
            time.sleep(1)
            if (after := self.contents()) == before:
                return
            before = after
        raise RuntimeError(f"the worker does not come to rest:\n{self.log}")

    def remove(self) -> None:
        """Stop the web process and its PostgreSQL, and clear the folder."""
        self.kill()
        if (self.var / "postgres" / "postmaster.pid").exists():
            os.kill(int(self.postmaster[0]), signal.SIGQUIT)
        for _ in range(100):
            if not (self.var / "postgres" / "postmaster.pid").exists():
                break
            time.sleep(0.05)
        shutil.rmtree(self.var, ignore_errors=True)


@dataclass(frozen=True)
class Reply:
    """What the site answered."""

    status: int
    headers: dict[str, str]
    body: bytes


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def demonstration() -> Iterator[Site]:
    """One demonstration for the whole session: building it is most of the waiting."""
    site = Site()
    try:
        site.start("demo")
        site.settle()
        yield site
    finally:
        site.remove()
