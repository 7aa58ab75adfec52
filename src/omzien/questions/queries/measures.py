"""Instruments that may be asked now, and what changed between before and after."""

from dataclasses import dataclass

from omzien.people.rules.roles import Actor
from omzien.questions.models import Instrument as Row
from omzien.questions.models import Measurement, Question
from omzien.questions.rules.measuring import Changes, Instrument, changes, from_data, shipped
from omzien.questions.rules.plans import Moment


@dataclass(frozen=True)
class Measured:
    """One instrument at one question: the last time before, the last time after, the change."""

    instrument: Instrument
    before: Measurement | None
    after: Measurement | None
    changes: Changes | None
    """None when there is no pair of the same version: then nothing is said of a change."""


def instruments_of(municipality: str) -> dict[str, Instrument]:
    """Return the instruments that may be asked in a municipality, our own first (1 query)."""
    rows = Row.objects.filter(municipality=municipality, put_away_at=None)
    return shipped() | {row.code: from_data(row.data) for row in rows}


def measured(question: Question, *, actor: Actor) -> list[Measured]:
    """Return what was measured at a question, per instrument and version (2 queries)."""
    rows = list(Measurement.objects.visible_to(actor).filter(question=question))
    known = _by_version(question.municipality_id)
    found = []
    for key in dict.fromkeys((row.instrument, row.version) for row in rows):
        if (instrument := known.get(key)) is None:
            continue
        same = [row for row in rows if (row.instrument, row.version) == key]
        last = {row.moment: row for row in same}  # rows come in order of time
        before, after = last.get(Moment.BEFORE), last.get(Moment.AFTER)
        codes = [one.code for one in instrument.statements]
        pair = changes(codes, before.taken, after.taken) if before and after else None
        found.append(Measured(instrument, before, after, pair))
    return found


def _by_version(municipality: str) -> dict[tuple[str, str], Instrument]:
    """Return every version of every instrument, also those that were put away."""
    rows = Row.objects.filter(municipality=municipality)
    ours = {(one.code, one.version): one for one in shipped().values()}
    return ours | {(row.code, row.version): from_data(row.data) for row in rows}
