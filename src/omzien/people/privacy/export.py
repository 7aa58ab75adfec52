"""All about one person, for a page, an HTML file and JSON: one reading, three forms.

What is a secret (a password, a session) is named and not given. Names of others are left out,
but for the other side of a mandate.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import BinaryField, Field, ForeignKey, Model
from django.utils.functional import Promise

from omzien.journal.actions import record
from omzien.people.models import Organisation, Person, Team
from omzien.people.privacy.classes import DataClass, of_model
from omzien.people.privacy.registry import Source, sources, subject_of
from omzien.people.refusals import NotAllowed
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


def may_export(actor: Actor, person: UUID) -> bool:
    """Tell whether `actor` may read and download all about a person.

    Everybody their own, whatever the role of this session; the privacy officer everybody's. A
    team, and who has a mandate, get files of questions: no mandate opens worries, early signals
    and what else is kept of somebody.
    """
    if actor.person == person:
        return Scope.OWN in actor.may("account.manage")
    return Scope.ALL in actor.may("dossier.export")


def everything_about(*, person: Person, by: Actor) -> list[Part]:
    """Return what every source holds of a person, for who may have it. Raises NotAllowed."""
    if not may_export(by, person.pk):
        raise NotAllowed
    subject = subject_of(person)
    return [_part(source, list(source.find(subject))) for source in reversed(sources())]


def as_data(parts: list[Part]) -> dict[str, Any]:
    """Return the parts as JSON wants them, with the names of the code."""
    return {
        part.code: [{"table": label, **{cell.name: cell.value for cell in cells}}
                    for label, cells in part.rows]
        for part in parts
    }  # fmt: skip


def note_export(*, person: UUID, by: Actor, form: str) -> None:
    """Write down that all about a person was downloaded; who looks at it reads that back."""
    record(
        verb="export",
        subject="person",
        subject_id=person,
        by=by.key,
        municipality=by.municipality,
        form=form,
    )


def _part(source: Source, rows: list[Any]) -> Part:
    return Part(
        source.code,
        source.title,
        [(row._meta.label, list(_cells(row))) for row in rows],
    )


def _cells(row: Model) -> Iterator[Cell]:
    known = of_model(row._meta.label)
    for field in row._meta.local_fields:
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
