"""Reporting trouble between neighbours: a case with a clock, and a file of each."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from omzien.areas.models import Municipality, Village
from omzien.directory.language import crisis
from omzien.kernel.text import clean, fold, one_line
from omzien.mediation.actions.notices import tell_coordinator, tell_party
from omzien.mediation.actions.writing import note, start_clock
from omzien.mediation.models import Case, Party
from omzien.mediation.refusals import (
    AlreadyOpen,
    NeedsAddress,
    NeedsName,
    NeedsOther,
    NeedsReach,
    NeedsStory,
    NotAllowed,
    NoTeam,
    SameParty,
)
from omzien.mediation.rules.conflicts import postcode_of
from omzien.mediation.rules.states import Side, State, Subject
from omzien.mediation.terms import team_of
from omzien.people.actions.claiming import owner_under
from omzien.people.actions.memberships import welcome_person
from omzien.people.models import Person
from omzien.people.queries.mandates import decides
from omzien.people.rules.roles import Actor, Scope
from omzien.questions.models import Question
from omzien.questions.rules.references import new_reference

MOST_WORDS = 2000


@dataclass(frozen=True, kw_only=True)
class Neighbour:
    """Who a neighbour is and where they live; of the other one no phone and no mail is taken."""

    street: str
    name: str = ""
    postcode: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, kw_only=True)
class Report:
    """What somebody reports: about what, of whom, and for whom where that is another."""

    village: Village
    subject: Subject
    words: str
    first: Neighbour
    second: Neighbour
    key: UUID = field(default_factory=uuid.uuid4)


@transaction.atomic
def report(
    *,
    municipality: Municipality,
    report: Report,
    by: Actor,
    now: datetime,
    question: Question | None = None,
) -> Case:
    """Report trouble between neighbours. Whoever visits may, for themselves; who works for
    residents may for one of them, and then their team hears the class of the outcome.

    The same `key` again gives the case that is there.
    Raises NotAllowed, NoTeam, NeedsName, NeedsReach, NeedsAddress, NeedsOther, NeedsStory,
    SameParty, AlreadyOpen (for this question).
    """
    with connection.cursor() as cursor:  # who sends the same form twice at once waits here
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"mediation:{report.key}"]
        )
    if before := Case.objects.filter(municipality=municipality, key=report.key).first():
        return before
    refers = by.membership is not None
    if refers and Scope.TEAM not in by.may("mediation.refer"):
        raise NotAllowed
    team = team_of(municipality.pk)
    if team is None:
        raise NoTeam
    words = clean(report.words)[:MOST_WORDS]
    _check(report, words)
    case = Case(
        municipality=municipality,
        key=report.key,
        reference=new_reference(lambda found: _is_taken(municipality, found)),
        team=team,
        from_team_id=by.team if refers else None,
        question=question,
        village=report.village,
        subject=report.subject,
        received_at=now,
        since=timezone.localdate(now),
    )
    start_clock(case, State.REPORTED, now=now)
    try:
        with transaction.atomic():
            case.save(force_insert=True)
    except IntegrityError:
        raise AlreadyOpen from None
    first = _keep(case, Side.FIRST, report.first, person=_reporter(case, report.first, by))
    first.words, first.in_danger = words, crisis.anywhere(words) is not None
    first.save()
    second = Neighbour(
        name=report.second.name, street=report.second.street, postcode=report.second.postcode
    )
    _keep(case, Side.SECOND, second, person=None).save()
    note(case, "report", by, about=str(report.subject), referred=refers)
    tell_party(first, "received", nummer=case.reference)
    tell_coordinator(case, "reported")
    return case


def _check(report: Report, words: str) -> None:
    first, second = report.first, report.second
    if not first.name.strip():
        raise NeedsName
    if not (first.phone.strip() or first.email.strip()):
        raise NeedsReach
    if not first.street.strip():
        raise NeedsAddress
    if not second.street.strip():
        raise NeedsOther
    if not words:
        raise NeedsStory
    is_same_house = fold(first.street) == fold(second.street)
    postcodes = {postcode_of(one.postcode) for one in (first, second)} - {""}
    if is_same_house and len(postcodes) < 2 and fold(first.name) == fold(second.name):
        raise SameParty


def _keep(case: Case, side: Side, who: Neighbour, *, person: Person | None) -> Party:
    return Party(
        municipality_id=case.municipality_id,
        case=case,
        side=side,
        person=person,
        name=one_line(who.name, 120),
        street=one_line(who.street, 120),
        postcode=postcode_of(who.postcode),
        phone=one_line(who.phone, 40),
        email=who.email.strip().casefold(),
    )


def _reporter(case: Case, who: Neighbour, by: Actor) -> Person | None:
    """Return who reads the own file: who is signed in for themselves, for whom somebody here may
    decide, or who has this address.
    """
    if by.membership is None and by.person and decides(by, on=timezone.localdate()):
        return Person.objects.get(pk=by.represents or by.person)
    return known_by_mail(case, who.name, who.email, by) if who.email.strip() else None


def known_by_mail(case: Case, name: str, email: str, by: Actor) -> Person:
    """Return a person who reads the own file by signing in with a mail address."""
    account = owner_under(name, email)
    here = Person.objects.filter(municipality=case.municipality_id, account=account)
    if account and (found := here.filter(name__iexact=name.strip()).first()):
        return found
    return welcome_person(
        municipality=case.municipality, name=name, email=email, account=account, by=by
    )


def _is_taken(municipality: Municipality, reference: str) -> bool:
    return Case.objects.filter(municipality=municipality, reference=reference).exists()
