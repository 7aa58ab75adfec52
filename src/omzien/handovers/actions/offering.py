"""The sender's side: offer, withdraw, and what happens when the resident takes consent back."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils import timezone

from omzien.handovers.actions.along import stop_uncovered
from omzien.handovers.actions.closing import end
from omzien.handovers.actions.notices import tell_resident, tell_team
from omzien.handovers.actions.waiting import offered
from omzien.handovers.actions.writing import (
    give_back,
    is_covered,
    locked,
    move,
    save,
)
from omzien.handovers.models import Handover, Involvement, OfferDraft, Wait
from omzien.handovers.refusals import (
    AlreadyOpen,
    NeedsCapacityReason,
    NeedsGround,
    NeedsTelling,
    NeedsWords,
    NobodyReads,
    NotLive,
    OthersWait,
    SameTeam,
    TeamArchived,
)
from omzien.handovers.rules.states import Capacity, WithdrawReason
from omzien.handovers.rules.waiting import WaitState
from omzien.kernel.text import one_line
from omzien.people.actions import grounds
from omzien.people.kept import Change, kept, kept_change
from omzien.people.models import Ground, Membership, Team
from omzien.people.queries.grounds import covering
from omzien.people.queries.mailboxes import of_team, with_mailboxes
from omzien.people.queries.mandates import decides_for
from omzien.people.rules.grounds import HAND_OVER, Category
from omzien.people.rules.roles import Actor
from omzien.questions.actions.writing import lock_all_of, locked_owned, once, owned, step_taken
from omzien.questions.models import DiscussionTeam, Question, Task
from omzien.questions.terms import terms_of


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What the receiver gets to see, beside the name and how to reach the resident."""

    asked: str
    tried: str
    best_moment: str
    resident_knows: bool
    capacity: Capacity = Capacity.UNKNOWN
    capacity_reason: str = ""
    is_urgent: bool = False


@transaction.atomic
def offer(
    *,
    question: Question,
    to_team: Team,
    offer: Offer,
    by: Actor,
    now: datetime,
    version: int | None = None,
    key: UUID | None = None,
) -> Handover:
    """Offer a question to another team. The question stays ours until the first contact. By the
    same `key`, of the form, it is once.

    Raises NotAllowed, NotLive, Stale, AlreadyOpen, SameTeam, TeamArchived, NobodyReads,
    NeedsGround, NeedsTelling, NeedsWords, NeedsCapacityReason, OthersWait.
    """
    row = locked_owned(question, by=by, verb="handover.offer", version=version)
    own = offered_once(row, key, to_team, offer)
    # A ground may have ended while we waited for the question.
    moment = max(now, timezone.now())
    (team,) = _receiver(to_team.pk, row.pk, row.person_id, own, moment)
    if team.is_sent:  # type: ignore[attr-defined]  # annotated there
        return Handover.objects.select_related("question").get(pk=own)
    today = timezone.localdate(now)
    _check(row, team, offer, on=today)
    terms = terms_of(row.municipality_id)
    by_link = bool(team.email) and not team.is_peopled  # type: ignore[attr-defined]  # as above
    remind_on, due_on = terms.offered(today, is_urgent=offer.is_urgent, by_link=by_link)
    handover = Handover(
        pk=own,
        municipality=row.municipality,
        question=row,
        from_team_id=row.team_id,
        to_team=team,
        is_urgent=offer.is_urgent,
        asked=offer.asked.strip()[:2000],
        tried=offer.tried.strip()[:2000],
        best_moment=one_line(offer.best_moment, 200),
        told_resident_on=today,
        capacity=Capacity.YES if team.is_called else offer.capacity,  # type: ignore[attr-defined]
        capacity_reason=one_line(offer.capacity_reason, 300),
        offered_at=now,
        offered_by=by.key,
        wait_id=team.waits_as,  # type: ignore[attr-defined]  # annotated there
        remind_on=remind_on,
        due_on=due_on,
        version=0,
    )
    if team.has_draft:  # type: ignore[attr-defined]  # annotated there
        _drop_draft(row.pk)
    if team.has_steps:  # type: ignore[attr-defined]  # annotated there
        step_taken(row, now=now)
    if handover.wait_id is not None:
        offered(handover.wait_id, row, by=by, now=now)
    save(handover, "offer", by, urgent=offer.is_urgent, capacity=str(handover.capacity))
    tell_team(handover, team, "offered")
    return handover


def offered_once(question: Question, key: UUID | None, to_team: Team, offer: Offer) -> UUID:
    """Return the primary key of an offer: that of the same form with the same words is the same."""
    return once(question.pk, key, to_team.pk, offer)


@kept_change
def _drop_draft(question: UUID) -> Change:
    return OfferDraft.objects.filter(question=question), None


@kept
def _receiver(
    team: UUID, question: UUID, person: UUID | None, own: UUID, now: datetime
) -> QuerySet[Team, Team]:
    """Return the team, locked, and what offering a question to it asks: whether somebody there
    has an account (linking.py: needs_link), whether the question is offered already, also by this
    same form, whether a ground covers it, whether it waits for a place there, or others do,
    whether something is left that an offer ends, and where it is read.
    """
    on = timezone.localdate(now)
    peopled = Membership.objects.live(on=on).filter(team=OuterRef("pk"))
    its = (OuterRef("pk"), OuterRef("organisation"))
    grounds = covering(person, *its, now, category=Category.CONTACT, purpose=HAND_OVER)
    in_line = Wait.objects.in_line().filter(team=OuterRef("pk"))
    waits = Wait.objects.filter(team=OuterRef("pk"), question=question, state=WaitState.WAITING)
    steps = Task.objects.open().filter(question=question, kind__in=Task.STEPS)
    return (
        with_mailboxes(Team.objects.filter(pk=team), on=on)
        .select_for_update(of=("self",))
        .order_by()
        .annotate(
            is_peopled=Exists(peopled),
            is_sent=Exists(Handover.objects.filter(pk=own)),
            has_open=Exists(Handover.objects.open().filter(question=question)),
            is_covered=Exists(grounds),
            waits_as=Subquery(waits.values("pk")[:1]),
            is_called=Exists(waits.filter(called_at__isnull=False)),
            others_wait=Exists(in_line.exclude(question=question)),
            has_draft=Exists(OfferDraft.objects.filter(question=question)),
            has_steps=Exists(steps),
        )
    )


def _check(question: Question, team: Team, offer: Offer, *, on: date) -> None:
    asked: Any = team
    if team.pk == question.team_id:
        raise SameTeam
    if team.archived_at:
        raise TeamArchived
    if not _is_read(team, on=on):
        raise NobodyReads
    if asked.has_open:
        raise AlreadyOpen
    if not (offer.asked.strip() and offer.tried.strip() and offer.best_moment.strip()):
        raise NeedsWords
    if not offer.resident_knows:
        raise NeedsTelling
    if not (asked.is_called or offer.capacity_reason.strip()):
        _has_room(asked, offer)
    if question.person_id is None:
        raise NotLive
    if not asked.is_covered:
        raise NeedsGround


def _is_read(team: Team, *, on: date) -> bool:
    return bool(of_team(team, on=on)) or Team.objects.reachable(on=on).filter(pk=team.pk).exists()


def _has_room(asked: Any, offer: Offer) -> None:
    if offer.capacity == Capacity.NO:
        raise NeedsCapacityReason
    if asked.others_wait:
        raise OthersWait


@transaction.atomic
def withdraw(
    *,
    handover: Handover,
    by: Actor,
    now: datetime,
    reason: str = "",
    version: int | None = None,
) -> Handover:
    """Take an offer back: the owner, or the resident. The receiver sees it no more.

    Raises NotAllowed, WrongState, Stale.
    """
    row = locked(handover, version=version)
    why = _who_withdraws(row, by)
    _end_by_withdrawing(row, why=why, by=by, now=now, reason=reason)
    return row


def _who_withdraws(handover: Handover, by: Actor) -> WithdrawReason:
    question = handover.question
    if decides_for(by, question.person_id, verb="handover.ask"):
        return WithdrawReason.RESIDENT
    owned(question, by=by, verb="handover.offer")
    return WithdrawReason.OWNER


def _end_by_withdrawing(
    handover: Handover, *, why: WithdrawReason, by: Actor, now: datetime, reason: str = ""
) -> None:
    move(handover, "withdraw")
    handover.withdraw_reason = why
    handover.reason = one_line(reason, 500)
    end(handover, now=now)
    save(handover, "withdraw", by, why=str(why))
    if why != WithdrawReason.OWNER:
        give_back(handover.question, now=now, to_coordinator=False)
        tell_team(handover, handover.from_team, "withdrawn")
    tell_team(handover, handover.to_team, "withdrawn")
    if why == WithdrawReason.OWNER:
        tell_resident(handover, "withdrawn")


@transaction.atomic
def withdraw_ground(*, ground: Ground, by: Actor, now: datetime) -> int:
    """Take consent back, and with it what rests on nothing else: every open handover, part of
    another team and seat in a coming discussion.

    Past disclosures stay listed. Returns how many of these ended.
    Raises NotAllowed and WrongMove of people/refusals.py.
    """
    lock_all_of(ground.person_id)
    grounds.withdraw(ground=ground, by=by)
    # What happens to a ground carries the real moment, which is a little after a page's `now`:
    # asked at `now` the ground would still hold.
    return end_uncovered(person=ground.person_id, by=by, now=max(now, timezone.now()))


@transaction.atomic
def end_uncovered(*, person: UUID, by: Actor, now: datetime) -> int:
    """End the open handovers of a person, and what other teams do along, that no ground covers
    any more; return how many.

    The worker calls this each round for each of `persons_uncovered`, because a ground also runs
    out by itself.
    """
    lock_all_of(person)
    rows = Handover.objects.uncovered(at=now).filter(question__person=person).order_by("question")
    count = 0
    for one in rows:
        row = locked(one)
        # It may be covered anew since.
        if row.is_open and not is_covered(row.question, row.to_team, now=now):
            _end_by_withdrawing(row, why=WithdrawReason.GROUND, by=by, now=now)
            count += 1
    return count + stop_uncovered(by=by, now=now, person=person)


def persons_uncovered(*, at: datetime) -> list[UUID]:
    """Return of whom something is shared that no ground covers any more."""
    return sorted(person for (person,) in _uncovered(at) if person is not None)


@kept
def _uncovered(at: datetime) -> QuerySet[Any, tuple[UUID | None]]:
    handovers = Handover.objects.uncovered(at=at).order_by().values_list("question__person")
    parts = Involvement.objects.uncovered(at=at).order_by().values_list("question__person")
    seats = DiscussionTeam.objects.uncovered(at=at).order_by()
    return handovers.union(parts, seats.values_list("discussion__question__person"))


def end_because(handover: Handover, *, by: Actor, now: datetime) -> None:
    """End an open handover because its question ends, in the caller's transaction."""
    row = locked(handover)
    _end_by_withdrawing(row, why=WithdrawReason.ENDED, by=by, now=now)
