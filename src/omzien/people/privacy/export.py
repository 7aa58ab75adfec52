"""All about one person, for a page, an HTML file and JSON: one reading, three forms.

What is a secret (a password, a session) is named and not given. Names of others are left out,
but for the other side of a mandate. Who oversees privacy sees how much there is, not what it
says; the whole is made for the person, with a reason that the person hears.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import BinaryField, DateField, Field, ForeignKey, Model
from django.utils import timezone
from django.utils.functional import Promise

from omzien.journal.actions import record
from omzien.journal.models import Fact
from omzien.people.models import Organisation, Person, Team
from omzien.people.models.closeness import close_ones
from omzien.people.privacy.classes import DataClass, of_model
from omzien.people.privacy.registry import Source, sources, subject_by, subject_of
from omzien.people.queries.same import rows_of_one
from omzien.people.refusals import NeedsReason, NotAllowed
from omzien.people.rules.looking import WhyWhole
from omzien.people.rules.roles import Actor, Scope

HIDDEN = "•••"


@dataclass(frozen=True)
class Cell:
    """One field: its name in the code and its value as plain data."""

    name: str
    value: Any


@dataclass(frozen=True)
class Part:
    """What one source holds: its rows, each with the table it comes from."""

    code: str
    title: str | Promise
    rows: list[tuple[str, list[Cell]]]


@dataclass(frozen=True)
class Outline:
    """How much one source holds: how often, between which days, of which teams."""

    title: str | Promise
    count: int
    first: date | None
    last: date | None
    teams: tuple[str, ...]


def reads_whole(actor: Actor, person: UUID) -> bool:
    """Tell whether `actor` reads all about a person without saying why: their own."""
    return may_export(actor, person) and person == actor.person


def may_export(actor: Actor, person: UUID) -> bool:
    """Tell whether `actor` may see what there is about a person and make a file of it.

    Everybody their own, whatever the role of this session; the privacy officer everybody's but
    of who is close to them. A team, and who has a mandate, get files of questions: no mandate
    opens worries, early signals and what else is kept of somebody.
    """
    if actor.person == person:
        return Scope.OWN in actor.may("account.manage")
    is_theirs = Scope.ALL in actor.may("dossier.export")
    return is_theirs and not (actor.person and close_ones([actor.person], [person]))


def everything_about(*, person: Person, by: Actor, because: WhyWhole | None = None) -> list[Part]:
    """Return what every source holds of a person, for who may have it.

    Raises NotAllowed, and NeedsReason where it is not theirs and they do not say why.
    """
    if not may_export(by, person.pk):
        raise NotAllowed
    if because is None and not reads_whole(by, person.pk):
        raise NeedsReason
    return [_part(source, rows) for source, rows in _found(person)]


def outline_of(*, person: Person, by: Actor) -> list[Outline]:
    """Return how much every source holds of a person, and no word of it. Raises NotAllowed."""
    if not may_export(by, person.pk):
        raise NotAllowed
    return [_outline(source, rows) for source, rows in _found(person) if rows]


def outline_by(
    *, municipality: str, by: Actor, address: str = "", phone: str = ""
) -> list[Outline]:
    """Return how much there is of an address or number of which no person is known: of who keeps
    an entry, was written to, or was named as somebody's helper. Raises NotAllowed.
    """
    if not by.may_all("dossier.export"):
        raise NotAllowed
    subject = subject_by(municipality=municipality, address=address, phone=phone)
    found = [(source, list(source.find(subject))) for source in reversed(sources())]
    return [_outline(source, rows) for source, rows in found if rows]


def _found(person: Person) -> Iterator[tuple[Source, list[Any]]]:
    """Yield what each source holds of a person, and of who turned out to be the same."""
    subjects = [subject_of(one) for one in rows_of_one(person)]
    for source in reversed(sources()):
        rows = [row for one in subjects for row in source.find(one)]
        once = {(row._meta.label, row.pk): row for row in rows}
        tables = list(dict.fromkeys(label for label, _pk in once))
        # By time within each table: PostgreSQL promises no order of its own.
        yield source, sorted(once.values(), key=lambda row: (
            tables.index(row._meta.label), _began(row), str(row.pk)
        ))  # fmt: skip


def _began(row: Model) -> str:
    moments = (field for field in _fields(row) if isinstance(field, DateField))
    return next((str(value) for one in moments if (value := getattr(row, one.attname))), "")


def _outline(source: Source, rows: list[Any]) -> Outline:
    """Take the days and the teams of rows: fields of a technical kind, which say nothing else."""
    days: set[date] = set()
    teams: set[str] = set()
    for row in rows:
        known = of_model(row._meta.label)
        for field in _fields(row):
            value = getattr(row, field.attname)
            if value is None or known[field.name].kind != DataClass.TECHNICAL:
                continue
            if isinstance(field, DateField):
                day = timezone.localdate(value) if isinstance(value, datetime) else value
                days |= {day} if day <= timezone.localdate() else set()  # not when it is due
            elif field.related_model is Team:
                teams.add(getattr(row, field.name).name)
    return Outline(
        source.title,
        len(rows),
        min(days, default=None),
        max(days, default=None),
        tuple(sorted(teams)),
    )


def as_data(parts: list[Part]) -> dict[str, Any]:
    """Return the parts as JSON wants them, with the names of the code."""
    return {
        part.code: [{"table": label, **{cell.name: cell.value for cell in cells}}
                    for label, cells in part.rows]
        for part in parts
    }  # fmt: skip


def note_export(*, person: UUID, by: Actor, form: str, because: WhyWhole | None = None) -> None:
    """Write down that all about a person was downloaded; who looks at it reads that back."""
    record(
        verb="export",
        subject="person",
        subject_id=person,
        by=by.key,
        municipality=by.municipality,
        form=form,
        **({"because": because.value} if because else {}),
    )


def files_made(person: UUID) -> list[tuple[datetime, WhyWhole]]:
    """Return when the privacy officer made a file of all about somebody, and why; newest first."""
    facts = Fact.objects.filter(subject="person", subject_id=str(person), verb="export")
    rows = (
        facts.filter(details__has_key="because").order_by("-at", "pk").values_list("at", "details")
    )
    return [(at, WhyWhole(details["because"])) for at, details in rows]


def _part(source: Source, rows: list[Any]) -> Part:
    return Part(
        source.code,
        source.title,
        [(row._meta.label, list(_cells(row))) for row in rows],
    )


def _fields(row: Model) -> list[Field[Any, Any]]:
    """Return the fields that a source read: where it left fields out, they are not theirs."""
    left_out = row.get_deferred_fields()
    return [field for field in row._meta.local_fields if field.attname not in left_out]


def _cells(row: Model) -> Iterator[Cell]:
    known = of_model(row._meta.label)
    for field in _fields(row):
        value = getattr(row, field.attname)
        if value in (None, "", [], {}) or isinstance(field, BinaryField):
            continue
        if known[field.name].kind == DataClass.SECRET:
            yield Cell(field.name, HIDDEN)
        elif isinstance(field, ForeignKey):
            yield from _named(row, field)
        else:
            yield Cell(field.name, _plain(value))


def _named(row: Model, field: Field[Any, Any]) -> Iterator[Cell]:
    """Give the name of an organisation, a team, or the other side of a mandate; else the key."""
    is_other_side = field.related_model is Person and row._meta.label == "people.Mandate"
    if field.related_model in (Organisation, Team) or is_other_side:
        yield Cell(field.name, getattr(row, field.name).name)
    elif field.related_model is not Person:
        yield Cell(field.name, str(getattr(row, field.attname)))


def _plain(value: Any) -> Any:
    if isinstance(value, bool | int | float | str | dict):
        return value
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
