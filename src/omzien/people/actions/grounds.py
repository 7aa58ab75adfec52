"""Grounds for sharing: asked, given, refused, withdrawn, replaced; or by law, with its article.

Nothing is ever changed: each action adds a ground or an event.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from omzien.journal.actions import record
from omzien.kernel.text import one_line
from omzien.people.actions.memberships import held_open
from omzien.people.ledger_file import note_ended
from omzien.people.models import (
    Ground,
    GroundEvent,
    GroundRecipient,
    Mandate,
    Organisation,
    Person,
    Team,
)
from omzien.people.queries.grounds import happened
from omzien.people.queries.mandates import allows
from omzien.people.queries.same import is_self
from omzien.people.refusals import (
    HasEnded,
    NeedsArticle,
    NeedsReason,
    NeedsRecipient,
    NotAllowed,
    NotConsent,
    TooLong,
    WrongDates,
    WrongMove,
    WrongTeam,
)
from omzien.people.rules.grounds import (
    BY_LAW,
    OVER,
    Category,
    GroundKind,
    How,
    What,
    latest_until,
    may_follow,
    standing,
)
from omzien.people.rules.processing import BY_CODE
from omzien.people.rules.roles import Actor, Scope


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What would be shared: for what, what, with whom, until when."""

    purpose: str
    categories: Iterable[Category]
    starts_on: date
    teams: Iterable[Team] = ()
    organisations: Iterable[Organisation] = ()
    until_on: date | None = None
    explanation: str = ""
    how: How = How.ONLINE
    kind: GroundKind = field(default=GroundKind.CONSENT)
    said_at: datetime | None = None
    """When the person said it, if it is written down later; never in the future."""
    key: UUID | None = None
    """The primary key, where the caller made one so that sent twice is once."""


@transaction.atomic
def ask_consent(*, person: Person, terms: Terms, by: Actor) -> Ground:
    """Ask somebody for consent. Nothing may be shared yet.

    Whoever may offer a handover may ask; recording an answer is more.
    Raises NotAllowed, NotConsent, NeedsRecipient, WrongDates, TooLong, WrongTeam, HasEnded.
    """
    if not (by.may("consent.record") or by.may("handover.offer")):
        raise NotAllowed
    ground = _write(person, _consent(terms), by)
    _happen(ground, What.ASKED, by)
    return ground


@transaction.atomic
def give_consent(*, person: Person, terms: Terms, by: Actor) -> Ground:
    """Give consent: the person, a proxy, or recorded by who heard it. Online is theirs alone.

    Raises NotAllowed, NotConsent, NeedsRecipient, WrongDates, TooLong, WrongTeam, HasEnded.
    """
    _may_decide(by, person.pk, how=terms.how)
    ground = _write(person, _consent(terms), by)
    _happen(ground, What.GIVEN, by, at=terms.said_at)
    return ground


@transaction.atomic
def answer(*, ground: Ground, is_given: bool, by: Actor) -> Ground:
    """Answer what was asked. Raises NotAllowed, WrongMove."""
    locked = _locked(ground)
    _may_decide(by, locked.person_id, how=How(locked.how))
    _happen(locked, What.GIVEN if is_given else What.REFUSED, by)
    return locked


@transaction.atomic
def withdraw(*, ground: Ground, by: Actor) -> Ground:
    """Take consent back; the next request shares nothing any more.

    A ground by law is not the resident's to withdraw, but who recorded it can end it.
    Raises NotAllowed, WrongMove.
    """
    locked = _locked(ground)
    by_law = GroundKind(locked.kind) in BY_LAW
    own = Scope.OWN in by.may("consent.give") and is_self(by, locked.person_id)
    if by_law or not own:
        _may_decide(by, locked.person_id, by_law=by_law)
    _happen(locked, What.WITHDRAWN, by)
    return locked


@transaction.atomic
def replace(*, ground: Ground, terms: Terms, by: Actor) -> Ground:
    """Give consent with other terms in place of the old one; there is never a gap or a double.

    Raises NotAllowed, NotConsent, NeedsRecipient, WrongDates, TooLong, WrongTeam, HasEnded,
    WrongMove.
    """
    locked = _locked(ground)
    _may_decide(by, locked.person_id, how=terms.how)
    new = _write(locked.person, _consent(terms), by)
    _happen(locked, What.REPLACED, by, replaced_by=new)
    _happen(new, What.GIVEN, by)
    return new


@transaction.atomic
def record_legal_task(
    *,
    person: Person,
    terms: Terms,
    article: str,
    by: Actor,
    is_informed: bool,
    not_informed_because: str = "",
) -> Ground:
    """Record that a law lets or makes us share: which article, why, and that the person knows.

    Raises NotAllowed, NeedsArticle, NeedsReason, NeedsRecipient, WrongDates, TooLong, WrongTeam,
    HasEnded.
    """
    if not by.may("consent.record"):
        raise NotAllowed
    if terms.kind not in BY_LAW or not article.strip():
        raise NeedsArticle
    if not terms.explanation.strip() or not (is_informed or not_informed_because.strip()):
        raise NeedsReason
    ground = _write(
        person,
        terms,
        by,
        article=article.strip()[:120],
        is_informed=is_informed,
        not_informed_because="" if is_informed else not_informed_because.strip()[:300],
    )
    _happen(ground, What.GIVEN, by)
    return ground


@transaction.atomic
def tell(*, ground: Ground, by: Actor) -> Ground:
    """Write down that the resident was told of what a law let share; from now on they read it.

    The caller checks whose work it is. Raises NotAllowed; WrongMove where they know already.
    """
    if not by.may("consent.record"):
        raise NotAllowed
    locked = _locked(ground)
    if Ground.objects.told().filter(pk=locked.pk).exists():
        raise WrongMove
    _add(locked, What.TOLD, by.key)
    return locked


@transaction.atomic
def let_go(*, ground: Ground, by: Actor) -> Ground:
    """Let a ground end because what it was for has ended; the caller checks who decides that.

    Raises WrongMove.
    """
    locked = _locked(ground)
    _happen(locked, What.EXPIRED, by)
    return locked


@transaction.atomic
def expire_grounds(*, on: date) -> int:
    """Write down which grounds ran out; the worker does so each day, twice is once.

    They hold no more without this: it is only so that the list of events is complete.
    """
    over = Ground.objects.filter(until_on__lt=on).exclude(
        events__what__in=[What.REFUSED, What.WITHDRAWN, What.EXPIRED, What.REPLACED]
    )
    given = list(over.filter(events__what=What.GIVEN).distinct())
    for ground in given:
        _add(ground, What.EXPIRED, "system")
    return len(given)


def _consent(terms: Terms) -> Terms:
    if terms.kind in BY_LAW:
        raise NotConsent
    return terms


def _may_decide(by: Actor, person: UUID, *, by_law: bool = False, how: How | None = None) -> None:
    reach = by.may("consent.give")
    own = Scope.OWN in reach and by.person == person
    for_them = Scope.MANDATE in reach and by.represents == person
    proxy = for_them and allows(by, Mandate.What.ACT, on=timezone.localdate())
    recorded = bool(by.may("consent.record")) and by.person != person and how != How.ONLINE
    if not (recorded or ((own or proxy) and not by_law)):
        raise NotAllowed


def _write(person: Person, terms: Terms, by: Actor, **more: object) -> Ground:
    teams, organisations = list(terms.teams), list(terms.organisations)
    until = terms.until_on or latest_until(terms.starts_on)
    if not (teams or organisations) or not list(terms.categories):
        raise NeedsRecipient
    if terms.purpose not in BY_CODE:
        raise KeyError(terms.purpose)
    if until < terms.starts_on:
        raise WrongDates
    if until > latest_until(terms.starts_on):
        raise TooLong
    if any(team.archived_at for team in teams):
        raise WrongTeam
    if any(held_open(one).ended_at for one in organisations):
        raise HasEnded
    ground = Ground.objects.create(
        pk=terms.key or uuid4(),
        municipality_id=person.municipality_id,
        person=person,
        kind=terms.kind,
        purpose=terms.purpose,
        explanation=one_line(terms.explanation, 500),
        categories=sorted(set(terms.categories)),
        starts_on=terms.starts_on,
        until_on=until,
        how=terms.how,
        recorded_by=by.key,
        **more,
    )
    code = person.municipality_id
    rows = [GroundRecipient(municipality_id=code, ground=ground, team=one) for one in teams]
    rows += [
        GroundRecipient(municipality_id=code, ground=ground, organisation=one)
        for one in organisations
    ]
    GroundRecipient.objects.bulk_create(rows)
    return ground


def _locked(ground: Ground) -> Ground:
    return Ground.objects.select_for_update(of=("self",)).get(pk=ground.pk)


def _happen(
    ground: Ground,
    what: What,
    by: Actor,
    *,
    replaced_by: Ground | None = None,
    at: datetime | None = None,
) -> None:
    now = standing(happened(ground), at=timezone.now())
    if not may_follow(now, what) or (now == What.GIVEN and ground.until_on < timezone.localdate()):
        raise WrongMove
    _add(ground, what, by.key, replaced_by=replaced_by, at=at)


def _add(
    ground: Ground,
    what: What,
    by: str,
    *,
    replaced_by: Ground | None = None,
    at: datetime | None = None,
) -> None:
    GroundEvent.objects.create(
        municipality_id=ground.municipality_id,
        ground=ground,
        number=ground.events.count() + 1,
        what=what,
        by=by,
        replaced_by=replaced_by,
        at=min(at, timezone.now()) if at else timezone.now(),
    )
    if what in OVER:
        note_ended("ground", ground.pk, ground.municipality_id)
    record(
        verb=f"ground-{what}",
        subject="ground",
        subject_id=ground.pk,
        by=by,
        municipality=ground.municipality_id,
    )
