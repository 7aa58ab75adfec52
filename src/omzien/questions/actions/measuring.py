"""Measuring before and after, and the instruments for it."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from omzien.areas.models import Municipality
from omzien.journal.actions import record
from omzien.people.queries.same import is_self
from omzien.people.rules.roles import Actor
from omzien.questions.actions.together import holds_pen
from omzien.questions.actions.writing import locked, note, once
from omzien.questions.models import Instrument, Measurement, Question
from omzien.questions.queries.measures import instruments_of
from omzien.questions.refusals import (
    NeedsAnswers,
    NeedsRights,
    NotAllowed,
    UnknownInstrument,
    VersionTaken,
)
from omzien.questions.rules.measuring import as_data, read_instrument, shipped
from omzien.questions.rules.plans import Moment


@transaction.atomic
def measure(
    *,
    question: Question,
    instrument: str,
    moment: Moment,
    answers: Mapping[str, int],
    by: Actor,
    now: datetime,
    together: bool = False,
    key: UUID | None = None,
) -> Measurement:
    """Keep what was answered; what was not stays missing. By the same `key` it is once.

    The resident reports alone, a worker only together with the resident. Raises NotAllowed,
    NotLive, NeedsResident, UnknownInstrument, NeedsAnswers.
    """
    row = locked(question)
    verb = "outcome.report" if is_self(by, row.person_id) else "outcome.measure"
    whom = holds_pen(row, by=by, verb=verb, together=together)
    found = instruments_of(row.municipality_id).get(instrument)
    if found is None:
        raise UnknownInstrument
    kept = found.kept(answers)
    if not kept:
        raise NeedsAnswers
    own = once(row.pk, key, instrument, moment, sorted(kept.items()))
    if before := Measurement.objects.filter(pk=own).first():
        return before
    measurement = Measurement.objects.create(
        pk=own,
        municipality_id=row.municipality_id,
        question=row,
        instrument=found.code,
        version=found.version,
        moment=moment,
        answers=kept,
        with_whom=whom,
        at=now,
    )
    note(
        row,
        "measure",
        by,
        instrument=found.code,
        version=found.version,
        moment=str(moment),
        n=len(kept),
        missing=len(found.statements) - len(kept),
    )
    return measurement


@transaction.atomic
def add_instrument(
    *, municipality: Municipality, content: bytes, holds_rights: bool, by: Actor, now: datetime
) -> Instrument:
    """Add an instrument to which the municipality holds the rights, from a TOML or JSON file.

    Raises NotAllowed, NeedsRights, BadInstrument, VersionTaken.
    """
    _may_keep(by)
    found = read_instrument(content)
    if not holds_rights:
        raise NeedsRights
    rows = Instrument.objects.filter(municipality=municipality, code=found.code)
    if found.code in shipped() or rows.filter(version=found.version).exists():
        raise VersionTaken
    rows.filter(put_away_at=None).update(put_away_at=now)  # one version at a time is asked
    row = Instrument.objects.create(
        municipality=municipality,
        code=found.code,
        version=found.version,
        data=as_data(found),
        holds_rights=True,
        added_at=now,
        added_by=by.key,
    )
    _note("add-instrument", row, by)
    return row


@transaction.atomic
def put_away(*, instrument: Instrument, by: Actor, now: datetime) -> Instrument:
    """Use an instrument no longer; what was answered with it stays readable. Raises NotAllowed."""
    _may_keep(by)
    row = Instrument.objects.select_for_update(of=("self",)).get(pk=instrument.pk)
    if row.put_away_at is None:
        row.put_away_at = now
        row.save(update_fields=["put_away_at"])
        _note("put-away-instrument", row, by)
    return row


def _may_keep(by: Actor) -> None:
    if not by.machine and not by.may_all("settings.change"):
        raise NotAllowed


def _note(verb: str, row: Instrument, by: Actor) -> None:
    record(
        verb=verb,
        subject="instrument",
        subject_id=row.pk,
        by=by.key,
        municipality=row.municipality_id,
        code=row.code,
        version=row.version,
    )
