"""What lets a question be shared: the resident's yes, heard or asked online, or a law."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from omzien.handovers.actions.offering import Offer, offer, offered_once, withdraw_ground
from omzien.handovers.actions.others import other_team
from omzien.handovers.actions.writing import needs_reader
from omzien.handovers.mails import MAILS
from omzien.handovers.models import Handover, OfferDraft
from omzien.handovers.queries.consents import consents_beside, last_said, who_asked
from omzien.handovers.refusals import (
    AlreadyOpen,
    NeedsWords,
    NobodyOnline,
    NotAllowed,
    SaidNo,
    Stale,
)
from omzien.kernel.text import one_line
from omzien.messages.letters import write_to
from omzien.people.actions import grounds
from omzien.people.models import Ground, Team
from omzien.people.queries.mandates import deciding_receivers
from omzien.people.queries.same import is_self
from omzien.people.rules.grounds import (
    HAND_OVER,
    LET_ALONG,
    WORK_ALONG,
    Category,
    GroundKind,
    How,
)
from omzien.people.rules.roles import Actor, Scope
from omzien.questions.actions.writing import (
    lock_all_of,
    locked_owned,
    note,
    once,
    put_task,
    save,
    sooner,
    step_taken,
)
from omzien.questions.actions.writing import locked as locked_question
from omzien.questions.models import Question, Task
from omzien.questions.queries.reached import can_answer_online
from omzien.questions.terms import terms_of

NO_STANDS = timedelta(days=1)  # so long a no is not overruled by what was heard, without a word


@dataclass(frozen=True, kw_only=True)
class Heard:
    """The resident said yes, and how."""

    how: How
    categories: tuple[Category, ...]
    after_no: bool = False  # the worker knows of the no, and spoke the resident since


@dataclass(frozen=True, kw_only=True)
class ByLaw:
    """A law lets or makes us share: which, why, and whether the resident knows."""

    kind: GroundKind
    article: str
    explanation: str
    categories: tuple[Category, ...]
    is_informed: bool
    not_informed_because: str = ""


@transaction.atomic
def let_share(
    *, question: Question, team: Team, ground: Heard | ByLaw, by: Actor, now: datetime
) -> Ground:
    """Record what lets a question be shared with a team.

    Name and how to reach the resident are always in it, for nobody can be called without.
    Of a yes that was heard the resident gets a mail. Raises NotAllowed, NotLive, SaidNo within
    the day after an online no, and what people/actions/grounds.py raises.
    """
    row = locked_owned(question, by=by, verb="handover.offer")
    wanted = {Category.CONTACT, *ground.categories}
    common: dict[str, Any] = {
        "purpose": HAND_OVER,
        "categories": wanted,
        "starts_on": timezone.localdate(now),
        "teams": [team],
    }
    if isinstance(ground, ByLaw):
        return grounds.record_legal_task(
            person=row.person,  # type: ignore[arg-type]  # a live question has a person
            terms=grounds.Terms(kind=ground.kind, explanation=ground.explanation, **common),
            article=ground.article,
            by=by,
            is_informed=ground.is_informed,
            not_informed_because=ground.not_informed_because,
        )
    return _hear(row, team, ground, by=by, now=now, **common)


@transaction.atomic
def tell_shared(*, question: Question, ground: Ground, by: Actor) -> None:
    """Write down that the resident knows now of what a law let share: the danger is over.

    Raises NotAllowed, NotLive, and WrongMove of people/refusals.py.
    """
    row = locked_owned(question, by=by, verb="consent.record")
    if ground.person_id != row.person_id:
        raise NotAllowed
    grounds.tell(ground=ground, by=by)
    note(row, "tell-shared", by)


def _hear(
    row: Question, team: Team, ground: Heard, *, by: Actor, now: datetime, **terms: Any
) -> Ground:
    no_at = last_said(row, purpose=terms["purpose"])[team.pk].no_at
    if no_at and now - no_at < NO_STANDS and not ground.after_no:
        raise SaidNo
    given = grounds.give_consent(
        person=row.person,  # type: ignore[arg-type]  # a live question has a person
        terms=grounds.Terms(how=ground.how, **terms),
        by=by,
    )
    _tell(row, given, "consent-recorded")
    return given


@transaction.atomic
def offer_on(
    *,
    question: Question,
    to_team: Team,
    offer_: Offer,
    ground: Heard | ByLaw | None,
    by: Actor,
    now: datetime,
    version: int | None = None,
    key: UUID | None = None,
) -> Handover:
    """Record the ground, if one must be, and offer: both or neither, and by the same `key` once.

    Raises what `let_share` and `offer` raise.
    """
    if ground is not None and not _is_offered(question, key, to_team, offer_):
        let_share(question=question, team=to_team, ground=ground, by=by, now=now)
        now = max(now, timezone.now())  # a ground holds from the moment that it was written
    return offer(
        question=question, to_team=to_team, offer=offer_, by=by, now=now, version=version, key=key
    )


def _is_offered(question: Question, key: UUID | None, to_team: Team, offer_: Offer) -> bool:
    row = locked_question(question)  # the same form may be on its way a second time
    own = offered_once(row, key, to_team, offer_)
    return Handover.objects.filter(pk=own).exists()


@transaction.atomic
def ask_resident(
    *,
    question: Question,
    to_team: Team,
    categories: tuple[Category, ...],
    words: dict[str, Any],
    by: Actor,
    now: datetime,
    version: int | None = None,
    key: UUID | None = None,
) -> Ground:
    """Ask the resident online; the words of the offer wait for the answer. By the same `key`, of
    the form, it is once.

    The clock of the question is set, so that silence is seen (H9).
    Raises NotAllowed, NotLive, Stale, NobodyReads, NobodyOnline, and what
    people/actions/grounds.py raises.
    """
    row = locked_owned(question, by=by, verb="handover.offer")
    own = once(row.pk, key, to_team.pk, categories, words)
    if before := Ground.objects.filter(pk=own).first():
        return before
    if version is not None and row.version != version:
        raise Stale
    needs_reader(to_team, now=now, by_link=True)
    ground = _ask(row, to_team, HAND_OVER, categories, by=by, now=now, key=own)
    OfferDraft.objects.update_or_create(
        question=row,
        defaults={
            "municipality_id": row.municipality_id,
            "to_team": to_team,
            "words": words,
            "made_at": now,
        },
    )
    step_taken(row, now=now)
    return ground


@transaction.atomic
def ask_along(
    *,
    question: Question,
    team: Team,
    part: str,
    categories: tuple[Category, ...],
    by: Actor,
    now: datetime,
    key: UUID | None = None,
) -> Ground:
    """Ask the resident online whether a team may do a part; the question stays where it is. By
    the same `key`, of the form, it is once.

    Raises NotAllowed, NotLive, SameTeam, TeamArchived, NobodyReads, NeedsWords, AlreadyOpen
    (asked before, or it may already), and what people/actions/grounds.py raises.
    """
    row, words = _part_of(question, team, part, by=by, now=now)
    own = once(row.pk, key, team.pk, words, categories)
    if before := Ground.objects.filter(pk=own).first():
        return before
    unended = Ground.objects.unended(at=max(now, timezone.now()))
    if unended.filter(person=row.person, purpose=WORK_ALONG, recipients__team=team).exists():
        raise AlreadyOpen
    return _ask(row, team, WORK_ALONG, categories, by=by, now=now, explanation=words, key=own)


@transaction.atomic
def let_along(
    *,
    question: Question,
    team: Team,
    part: str,
    ground: Heard,
    by: Actor,
    now: datetime,
    key: UUID | None = None,
) -> Ground:
    """Record that the resident said yes, aloud or on paper, to a team that does a part. By the
    same `key`, of the form, it is once.

    Raises NotAllowed, NotLive, SameTeam, TeamArchived, NobodyReads, NeedsWords, AlreadyOpen (it
    may already), SaidNo within the day after an online no, and what people/actions/grounds.py
    raises.
    """
    row, words = _part_of(question, team, part, by=by, now=now)
    own = once(row.pk, key, team.pk, words, ground)
    if before := Ground.objects.filter(pk=own).first():
        return before
    holding = Ground.objects.holding(at=max(now, timezone.now()))
    if holding.filter(person=row.person, purpose=WORK_ALONG, recipients__team=team).exists():
        raise AlreadyOpen
    return _hear(
        row, team, ground, by=by, now=now,
        purpose=WORK_ALONG,
        categories={Category.CONTACT, *ground.categories},
        starts_on=timezone.localdate(now),
        teams=[team],
        explanation=words,
        key=own,
    )  # fmt: skip


def _part_of(
    question: Question, team: Team, part: str, *, by: Actor, now: datetime
) -> tuple[Question, str]:
    """Return the locked question, and the part of it that a team is wanted for."""
    row = locked_owned(question, by=by, verb="handover.offer")
    other_team(row, team, now=now)
    words = one_line(part, 300)
    if not words:
        raise NeedsWords
    return row, words


def _ask(
    row: Question,
    team: Team,
    purpose: str,
    categories: tuple[Category, ...],
    *,
    by: Actor,
    now: datetime,
    key: UUID,
    explanation: str = "",
) -> Ground:
    today = timezone.localdate(now)
    if not can_answer_online(row, on=today):
        raise NobodyOnline
    wanted = grounds.Terms(
        purpose=purpose,
        categories={Category.CONTACT, *categories},
        starts_on=today,
        teams=[team],
        how=How.ONLINE,
        explanation=explanation,
        key=key,
    )
    ground = grounds.ask_consent(person=row.person, terms=wanted, by=by)  # type: ignore[arg-type]
    terms = terms_of(row.municipality_id)
    row.due_on = sooner(row.due_on, terms.after(today, terms.silent))
    save(row, "ask-consent", by, to=str(team.pk))
    _tell(row, ground, "consent-asked")
    _tell_deciders(row, ground, on=today)
    return ground


@transaction.atomic
def answer_consent(
    *, question: Question, ground: Ground, is_given: bool, by: Actor, now: datetime
) -> Ground:
    """Let the resident, or a proxy, say yes or no; the owner team gets its next step.

    What a proxy said is told to the resident.

    A no ends each yes that stood for the same receiver, with the handover that rests on it.
    Raises NotAllowed and WrongMove of people/refusals.py.
    """
    lock_all_of(ground.person_id)
    row = locked_question(question)
    _needs_own(row, ground, by)
    grounds.answer(ground=ground, is_given=is_given, by=by)
    if by.represents:
        _tell(row, ground, "proxy-said-yes" if is_given else "proxy-said-no")
    if not is_given:
        for one in consents_beside(ground, at=timezone.now()):
            withdraw_ground(ground=one, by=by, now=now)
    if row.is_live:
        terms = terms_of(row.municipality_id)
        due = terms.after(timezone.localdate(now), terms.next_step)
        kind = Task.Kind.ALLOWED if is_given else Task.Kind.REFUSED
        step_taken(row, now=now)  # the last answer is the one to act on
        put_task(row, kind, due=due, now=now)
        row.due_on = sooner(row.due_on, due)
        save(row, "answer-consent", by, given=is_given)
        is_along = ground.purpose == WORK_ALONG
        given = "along-consent-given" if is_along else "consent-given"
        what = given if is_given else "consent-refused"
        write_to(
            who_asked(ground, row),
            MAILS,
            f"team-{what}",
            municipality=row.municipality,
            key=f"ground:{ground.pk}:{what}:{row.pk}",
            path=reverse("along" if is_along else "offer", args=[row.pk]),
        )
    return ground


@transaction.atomic
def take_back(*, question: Question, ground: Ground, by: Actor, now: datetime) -> int:
    """Let the resident take consent back: every yes that stands for the same receiver ends.

    One yes may have been written down twice, and a receiver that a second one still lets in
    would see all. What a law lets share stands. Open handovers that rest on consent alone end,
    and so do the parts and the seats in discussions of other teams. Returns how many ended.
    Raises NotAllowed and WrongMove of people/refusals.py.
    """
    lock_all_of(ground.person_id)
    row = locked_question(question)
    own = Scope.OWN in by.may("consent.give") and is_self(by, row.person_id)
    if not (own and ground.person_id == row.person_id):
        _needs_own(row, ground, by)
    note(row, "take-consent-back", by)
    if by.represents:
        _tell(row, ground, "proxy-took-back")
    beside = consents_beside(ground, at=timezone.now(), purposes=LET_ALONG)
    return sum(withdraw_ground(ground=one, by=by, now=now) for one in (ground, *beside))


def _tell(question: Question, ground: Ground, what: str) -> None:
    if question.person and question.person.email:
        write_to(
            [question.person.email],
            MAILS,
            f"resident-{what}",
            municipality=question.municipality,
            key=f"ground:{ground.pk}:{what}",
            path=reverse("my-sharing", args=[question.pk]),
        )


def _tell_deciders(question: Question, ground: Ground, *, on: date) -> None:
    own = {question.person.email.casefold()} if question.person else set()
    write_to(
        deciding_receivers(question.person_id, on=on) - own,
        MAILS,
        "proxy-consent-asked",
        municipality=question.municipality,
        key=f"ground:{ground.pk}:consent-asked",
        path=reverse("my-sharing", args=[question.pk]),
    )


def _needs_own(question: Question, ground: Ground, by: Actor) -> None:
    """Check that the resident themselves, or a proxy, speaks of a ground of this question. Raises
    NotAllowed.
    """
    reach = by.may("consent.give")
    own = Scope.OWN in reach and by.membership is None and by.person == question.person_id
    proxy = Scope.MANDATE in reach and by.represents == question.person_id
    if not (own or proxy) or ground.person_id != question.person_id:
        raise NotAllowed
