"""The map of somebody's own people: they draw it, show it, and stop showing it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from omzien.journal.actions import record
from omzien.kernel.text import one_line
from omzien.people.models import Mandate, Person
from omzien.people.queries.same import is_self
from omzien.people.rules.roles import Actor, Scope
from omzien.questions.actions.together import works_on
from omzien.questions.actions.writing import locked, locked_owned, note, once, owned
from omzien.questions.models import NetworkShare, Question, Tie, YoungCarerSignal
from omzien.questions.refusals import (
    NeedsConsent,
    NeedsResident,
    NeedsWords,
    NotAFirstName,
    NotAllowed,
    NotLive,
    NotShared,
    TooMany,
)
from omzien.questions.rules.carers import lacking
from omzien.questions.rules.network import MOST_TIES, Often, Relation, first_name
from omzien.questions.rules.support import Support


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is said of somebody on the map."""

    name: str
    relation: Relation
    kinds: Iterable[Support]
    closeness: int
    how_often: Often


@transaction.atomic
def draw_tie(
    *,
    person: Person,
    known: Known,
    by: Actor,
    now: datetime,
    tie: Tie | None = None,
    together: bool = False,
    key: UUID | None = None,
) -> Tie:
    """Put somebody on a map, or change who is there (`tie`); by the same `key` it is once.

    The resident draws; a worker only on a map that is shared, together with the resident.
    Raises NotAllowed, NotShared, NeedsResident, NotAFirstName, TooMany.
    """
    owner = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    together = _draws_together(owner, by, together=together)
    name = first_name(known.name)
    if not name:
        raise NotAFirstName
    kinds = [kind for kind in Support if kind in set(known.kinds)]
    fields = {
        "name": name,
        "relation": known.relation,
        "kinds": kinds,
        "closeness": min(max(known.closeness, 1), 3),
        "how_often": known.how_often,
    }
    if tie is not None:
        row = _on_map(tie, owner)
        for field, value in fields.items():
            setattr(row, field, value)
        row.together = row.together or together
        row.save()
        _note("change-tie", row, by, together=together)
        return row
    own = once(owner.pk, key, known)
    if before := Tie.objects.filter(pk=own).first():
        return before
    if Tie.objects.filter(person=owner).count() >= MOST_TIES:
        raise TooMany(MOST_TIES)
    row = Tie.objects.create(
        pk=own,
        municipality_id=owner.municipality_id,
        person=owner,
        together=together,
        created_at=now,
        **fields,
    )
    _note("draw-tie", row, by, together=together)
    return row


@transaction.atomic
def remove_tie(*, tie: Tie, by: Actor, together: bool = False) -> None:
    """Take somebody off a map. Raises NotAllowed, NotShared, NeedsResident."""
    owner = Person.objects.select_for_update(of=("self",)).get(pk=tie.person_id)
    together = _draws_together(owner, by, together=together)
    row = _on_map(tie, owner)
    _note("remove-tie", row, by, together=together)
    row.delete()


@transaction.atomic
def share_network(
    *, question: Question, by: Actor, now: datetime, proxy: Person | None = None
) -> NetworkShare:
    """Show the map to the team that owns a question, or to somebody with a mandate.

    Twice is once. A question that another team takes over is not shared with that team: the
    resident decides anew. Raises NotAllowed, NotLive.
    """
    row = locked(question)
    _may_share(row, by)
    if not row.is_live:
        raise NotLive
    if proxy is not None and not _represents(proxy, row, timezone.localdate(now)):
        raise NotAllowed
    whom: dict[str, object] = {"proxy": proxy} if proxy else {"team_id": row.team_id}
    found = NetworkShare.objects.open().filter(question=row, **whom).first()
    if found is not None:
        return found
    before = NetworkShare.objects.filter(question=row, stopped_at=None, **whom)
    before.update(stopped_at=now)  # of a mandate that ended since
    share = NetworkShare.objects.create(
        municipality_id=row.municipality_id, question=row, started_at=now, **whom
    )
    note(row, "share-network", by, share=str(share.pk))
    return share


@transaction.atomic
def stop_sharing(*, share: NetworkShare, by: Actor, now: datetime) -> NetworkShare:
    """Show the map no longer; it is gone at the next look. Twice is once. Raises NotAllowed."""
    row = locked(share.question_id)
    _may_share(row, by)
    found = NetworkShare.objects.select_for_update(of=("self",)).get(pk=share.pk)
    if found.stopped_at is None:
        found.stopped_at = now
        found.save(update_fields=["stopped_at"])
        note(row, "stop-sharing-network", by, share=str(found.pk))
    return found


@dataclass(frozen=True, kw_only=True)
class ForSchool:
    """What a school may hear, and who agreed."""

    school: str
    what: str
    age: int
    young_agrees: bool
    parent_agrees: bool


@transaction.atomic
def allow_school(
    *, question: Question, told: ForSchool, by: Actor, now: datetime, key: UUID | None = None
) -> YoungCarerSignal:
    """Note that a school may hear that a pupil cares for somebody; by the same `key` it is once.

    Nothing goes to the school by itself: a worker calls, and says what stands here and no more.
    Raises NotAllowed, NotLive, NeedsWords, NeedsConsent.
    """
    row = locked_owned(question, by=by, verb="consent.record")
    school, what = (one_line(text) for text in (told.school, told.what))
    if not school or not what:
        raise NeedsWords
    missing = lacking(told.age, young_agrees=told.young_agrees, parent_agrees=told.parent_agrees)
    if missing:
        raise NeedsConsent(missing)
    own = once(row.pk, key, told)
    if before := YoungCarerSignal.objects.filter(pk=own).first():
        return before
    today = timezone.localdate(now)
    signal = YoungCarerSignal.objects.create(
        pk=own,
        municipality_id=row.municipality_id,
        question=row,
        school=school[:120],
        what=what[:500],
        age=told.age,
        young_agreed_on=today,
        parent_agreed_on=today if told.parent_agrees else None,
        recorded_by_id=by.membership,
    )
    note(row, "allow-school", by, signal=str(signal.pk))
    return signal


@transaction.atomic
def withdraw_school(*, signal: YoungCarerSignal, by: Actor, now: datetime) -> YoungCarerSignal:
    """Take back that a school may hear something; by the resident, or the team that noted it.

    Twice is once. Raises NotAllowed, NotLive.
    """
    row = locked(signal.question_id)
    if not is_self(by, row.person_id):
        owned(row, by=by, verb="consent.record")
    found = YoungCarerSignal.objects.select_for_update(of=("self",)).get(pk=signal.pk)
    if found.withdrawn_at is None:
        found.withdrawn_at = now
        found.save(update_fields=["withdrawn_at"])
        note(row, "withdraw-school", by, signal=str(found.pk))
    return found


def _draws_together(owner: Person, by: Actor, *, together: bool) -> bool:
    """Tell whether somebody draws on a map together with whose it is; the owner draws alone."""
    if by.machine:
        return together
    own = Scope.OWN in by.may("ecogram.keep") and by.membership is None
    if own and by.person == owner.pk:
        return False
    if Scope.TOGETHER not in by.may("ecogram.draw"):
        raise NotAllowed
    shares = NetworkShare.objects.reaching(by).filter(question__person=owner)
    if not any(works_on(share.question, by) for share in shares.select_related("question")):
        raise NotShared
    if not together:
        raise NeedsResident
    return True


def _may_share(question: Question, by: Actor) -> None:
    if not by.machine and not (by.may("ecogram.keep") and is_self(by, question.person_id)):
        raise NotAllowed


def _represents(proxy: Person, question: Question, today: date) -> bool:
    live = Mandate.objects.live(on=today).of_all()
    return live.filter(resident=question.person_id, proxy=proxy).exists()


def _on_map(tie: Tie, owner: Person) -> Tie:
    row = Tie.objects.select_for_update(of=("self",)).filter(pk=tie.pk, person=owner).first()
    if row is None:
        raise NotAllowed
    return row


def _note(verb: str, tie: Tie, by: Actor, *, together: bool) -> None:
    record(
        verb=verb,
        subject="tie",
        subject_id=tie.pk,
        by=by.key,
        municipality=tie.municipality_id,
        together=together,
    )
