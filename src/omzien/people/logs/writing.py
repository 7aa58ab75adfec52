"""Writing to the logs: one round trip, on a connection of its own, or an error."""

import json
import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, Error, InterfaceError, OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from omzien.journal.rows import prepared
from omzien.people.rules.looking import Action, Channel, Result

logger = logging.getLogger(__name__)
WRITE = "SELECT log_access(%s, %s)"
# Says the SQLSTATE of what failed, or NULL: an error may not break the caller's transaction.
WRITE_WITHIN = "SELECT log_access_within(%s, %s)"


class LogUnavailable(Exception):
    """The log could not be written, so nothing may be read. Holds nothing of what was asked."""


@dataclass(frozen=True, kw_only=True)
class Access:
    """What goes into an access line; PostgreSQL adds number, time and hashes."""

    municipality: str
    action: Action
    object_kind: str
    object_id: str
    result: Result
    channel: Channel
    address_hash: str
    actor: str
    role: str
    organisation: str
    purpose: str
    on_behalf_of: UUID | None
    about: UUID | None
    operation_id: str


@dataclass(frozen=True, kw_only=True)
class Processing:
    """What goes into a processing line, in the words of Logboek Dataverwerkingen."""

    trace_id: str
    operation_id: str
    parent_operation_id: str | None
    foreign_trace_id: str | None
    foreign_operation_id: str | None
    foreign_entity: str | None
    status_code: int
    name: str
    start_time: datetime
    end_time: datetime
    resource: str
    processing_activity: str
    data_subject_id: str | None


def write(access: Access, processing: list[Processing], *, with_change: bool = False) -> None:
    """Write an access line and its processing lines; return when they are on disk.

    On the second connection this is a transaction of its own: a request that is rolled back
    afterwards keeps its lines, and the lock on the chain lasts as long as the insert.

    With `with_change` they are the last thing that the caller's transaction does, and come on
    disk with the change or not at all. Who writes the next line of the municipality waits for it.

    Raises LogUnavailable.
    """
    lines = [_json(vars(access)), _json([vars(one) for one in processing])]
    connection = connections[DEFAULT_DB_ALIAS if with_change else settings.LOG_DATABASE]
    # What PostgreSQL says may hold what was asked: only its code is kept.
    try:
        failed = _send(connection, lines)
    except Error as error:
        failed = getattr(error.__cause__, "sqlstate", None) or type(error).__name__
    if failed:
        logger.error("A log line was not written: SQLSTATE %s", failed)
        raise LogUnavailable


def _send(connection: BaseDatabaseWrapper, lines: list[str]) -> str | None:
    """Send the lines; once more on a new connection where the kept one turns out to be dead."""
    was_open = connection.connection is not None
    try:
        return _execute(connection, lines)
    except (InterfaceError, OperationalError):
        died = connection.connection is None or connection.connection.closed
        if connection.in_atomic_block or not (was_open and died):
            raise
        connection.close()
        return _execute(connection, lines)


def _execute(connection: BaseDatabaseWrapper, lines: list[str]) -> str | None:
    with prepared(connection.alias) as cursor:
        cursor.execute(WRITE_WITHIN if connection.in_atomic_block else WRITE, lines)
        return cursor.fetchone()[0] or None


def _json(value: Any) -> str:
    return json.dumps(value, default=_plain, separators=(",", ":"))


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
