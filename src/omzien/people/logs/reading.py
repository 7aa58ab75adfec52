"""The one way to read person data: first the line in the log, then the data.

    with reading(actor, about=[person.key], object=("question", pk), purpose="help",
                 origin=origin_of(request)):
        ...  # only now show it

The line is written before the block begins. If it cannot be written, `LogUnavailable` is
raised and the block never runs: reading fails closed. A page does the same by `web/logged.py`.
"""

import hashlib
import hmac
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Protocol
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from omzien.people.logs.writing import Access, LogUnavailable, Processing, write
from omzien.people.rules.looking import Action, Channel, Result
from omzien.people.rules.processing import BY_CODE

__all__ = [
    "SYSTEM_KEY",
    "Foreign",
    "LogUnavailable",
    "Operation",
    "Operator",
    "Origin",
    "note",
    "origin_of",
    "reading",
    "subject_id",
]

SYSTEM_KEY = "system"
OK, ERROR = 1, 2  # status codes of Logboek Dataverwerkingen
_RANDOM_ID = re.compile(r"[0-9a-f][0-9a-f-]{0,35}")
_API = ("/api/", "/hsds/")


class Reader(Protocol):
    """Who reads: a `people.rules.roles.Actor`, or an `Operator`."""

    @property
    def key(self) -> str:
        """The random person key, "visitor" or "system"."""

    @property
    def municipality(self) -> Any:
        """The CBS code, or something that has it as `code`."""

    @property
    def role(self) -> Any:
        """The code of the role."""

    @property
    def organisation(self) -> Any:
        """The id of the organisation, or something that has it as `pk`; may be None."""

    @property
    def represents(self) -> UUID | None:
        """The key of the person on whose behalf this is, by a mandate."""


@dataclass(frozen=True)
class Operator:
    """The reader of a command or the worker, where nobody is signed in."""

    municipality: str
    key: str = SYSTEM_KEY
    role: str = SYSTEM_KEY
    organisation: str = ""
    represents: UUID | None = None


@dataclass(frozen=True)
class Origin:
    """Where the request came from; coarse, so that the log itself follows nobody."""

    channel: Channel = Channel.COMMAND
    address_hash: str = ""


@dataclass(frozen=True)
class Foreign:
    """The operation at another organisation that asked for this one (W3C Trace Context)."""

    trace_id: str
    operation_id: str
    entity: str
    """URI of that organisation."""


@dataclass(frozen=True)
class Operation:
    """The ids of what was logged: hand it on as `within` to what happens inside it."""

    trace_id: str
    operation_id: str


def origin_of(request: HttpRequest) -> Origin:
    """Return the origin of a request: page or API, and the address as a hash of one day."""
    channel = Channel.API if request.path.startswith(_API) else Channel.WEB
    return Origin(channel, daily_hash(request.META.get("REMOTE_ADDR", "")))


def daily_hash(text: str) -> str:
    """Return an address, or who somebody is, as a keyed hash that changes every day."""
    day_key = f"{settings.SECRET_KEY}{timezone.now():%Y%m%d}".encode()
    return hmac.new(day_key, text.encode(), hashlib.sha256).hexdigest()[:24]


def subject_id(municipality: str, person: UUID | str) -> str:
    """Return how a person is called in the processing log: keyed, and per municipality."""
    key = hashlib.sha256(f"data-subject {municipality} {settings.LOG_KEY}".encode()).digest()
    return hmac.new(key, UUID(str(person)).bytes, hashlib.sha256).hexdigest()


@contextmanager
def reading(
    actor: Reader,
    *,
    purpose: str,
    object: tuple[str, Any],
    action: Action = Action.READ,
    about: Iterable[UUID | str] = (),
    origin: Origin = Origin(),
    result: Result = Result.ALLOWED,
    within: Operation | None = None,
    foreign: Foreign | None = None,
) -> Iterator[Operation]:
    """Write the line, then run the block. An error in the block adds a line that says so.

    `purpose` is a code of `rules/processing.py`, `object` a kind and a random id ("" for none),
    `about` the keys of all persons whose data it is.

    Raises LogUnavailable, before anything was read.
    """
    common: dict[str, Any] = {
        "purpose": purpose, "object": object, "action": action, "about": tuple(about),
        "origin": origin, "foreign": foreign,
    }  # fmt: skip
    operation = note(actor, result=result, within=within, **common)
    try:
        yield operation
    except Exception:
        note(actor, result=Result.FAILED, within=operation, **common)
        raise


def note(
    actor: Reader,
    *,
    purpose: str,
    object: tuple[str, Any],
    result: Result,
    action: Action = Action.READ,
    about: Iterable[UUID | str] = (),
    origin: Origin = Origin(),
    within: Operation | None = None,
    foreign: Foreign | None = None,
    began: datetime | None = None,
    with_change: bool = False,
) -> Operation:
    """Write what was done or refused, once; return its ids.

    A refusal has no processing line: no data of anybody was processed. With `with_change` the
    line is the last of a change that shows nothing before it is on disk (`writing.write`).

    Raises LogUnavailable.
    """
    if purpose not in BY_CODE:
        raise ValueError(f"no processing activity {purpose!r}")
    kind, thing = object
    persons = list(dict.fromkeys(UUID(str(key)) for key in about))
    municipality = _code(actor.municipality)
    operation = Operation(within.trace_id if within else _new_id(16), _new_id(8))
    access = Access(
        municipality=municipality,
        action=action,
        object_kind=kind,
        object_id=_random_id(thing),
        result=result,
        channel=origin.channel,
        address_hash=origin.address_hash,
        actor=actor.key,
        role=str(getattr(actor.role, "value", actor.role)),
        organisation=_random_id(getattr(actor.organisation, "pk", actor.organisation)),
        purpose=purpose,
        on_behalf_of=actor.represents,
        about=persons[0] if len(persons) == 1 else None,
        operation_id=operation.operation_id,
    )
    processing: list[Processing] = []
    if result != Result.REFUSED:
        top = _processing(access, operation, within, foreign, began or timezone.now())
        processing = _per_person(top, [subject_id(municipality, key) for key in persons])
    write(access, processing, with_change=with_change)
    return operation


def _processing(
    access: Access,
    operation: Operation,
    within: Operation | None,
    foreign: Foreign | None,
    began: datetime,
) -> Processing:
    return Processing(
        trace_id=operation.trace_id,
        operation_id=operation.operation_id,
        parent_operation_id=within.operation_id if within else None,
        foreign_trace_id=foreign.trace_id if foreign else None,
        foreign_operation_id=foreign.operation_id if foreign else None,
        foreign_entity=foreign.entity if foreign else None,
        status_code=ERROR if access.result == Result.FAILED else OK,
        name=f"{access.object_kind}.{access.action}",
        start_time=began,
        end_time=timezone.now(),
        resource=_resource(),
        processing_activity=access.purpose,
        data_subject_id=None,
    )


def _per_person(top: Processing, subjects: list[str]) -> list[Processing]:
    """Return one line per person; for several, below a line that is of nobody in particular."""
    if len(subjects) <= 1:
        return [Processing(**(vars(top) | {"data_subject_id": next(iter(subjects), None)}))]
    below = {"parent_operation_id": top.operation_id}
    return [
        top,
        *(
            Processing(
                **(vars(top) | below | {"operation_id": _new_id(8), "data_subject_id": subject})
            )
            for subject in subjects
        ),
    ]


def _new_id(size: int) -> str:
    return os.urandom(size).hex()


def _random_id(value: object) -> str:
    """Return a random key as it is; a word or a name is left out of the log."""
    text = "" if value is None else str(value)
    return text if _RANDOM_ID.fullmatch(text) else ""


def _code(municipality: Any) -> str:
    return str(getattr(municipality, "code", municipality))


@lru_cache(maxsize=1)
def _resource() -> str:
    try:
        return f"omzien@{version('omzien')}"
    except PackageNotFoundError:
        return "omzien@0"
