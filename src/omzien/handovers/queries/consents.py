"""What else stands beside one consent, and who still reads a question without it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from omzien.handovers.models import Handover
from omzien.people.models import Ground, GroundEvent, Membership, Team
from omzien.people.queries.mailboxes import of_holder, of_team
from omzien.people.queries.mandates import Decider, deciders
from omzien.people.rules.grounds import BY_LAW, HAND_OVER, LET_ALONG, SAID, What, is_said
from omzien.questions.models import Question


class Reads(StrEnum):
    """Why a receiver still reads of a question when consent ended."""

    OWNS = "owns"  # it is the team that helps now
    LAW = "law"  # a law lets this be shared


@dataclass
class Said:
    """What the resident last said about sharing with one receiver."""

    no_at: datetime | None = None
    is_asked: bool = False  # and gave no answer yet
    by: Decider | None = None  # who said it for them


def last_said(question: Question, *, purpose: str = HAND_OVER) -> dict[UUID | None, Said]:
    """Return what was last said about each team, and each organisation as a whole (1 query, and
    1 more where it was not the resident who said it).
    """
    rows = (
        GroundEvent.objects.filter(ground__person=question.person_id, ground__purpose=purpose)
        .exclude(ground__kind__in=BY_LAW)
        .order_by("at", "number")
        .values_list(
            "what", "at", "by", "ground__how",
            "ground__recipients__team", "ground__recipients__organisation",
        )
    )  # fmt: skip
    others = {by for what, _, by, how, *_ in rows if is_said(what, how)}
    found_by = deciders(question.person_id, others - {str(question.person_id)})
    found: dict[UUID | None, Said] = defaultdict(Said)
    for what, at, by, how, team, organisation in rows:
        said = found[team or organisation]
        if what in SAID:
            said.no_at = None if what == What.GIVEN else at
            said.by = found_by.get(by) if is_said(what, how) else None
        if what != What.WITHDRAWN:  # that is about another one than what is asked now
            said.is_asked = what == What.ASKED
    return found


def consents_beside(
    ground: Ground, *, at: datetime, purposes: Iterable[str] = ()
) -> QuerySet[Ground]:
    """Return the other consents of this person that let the same receivers in: for the same
    purpose, or for any of `purposes`.
    """
    rows = Ground.objects.holding(at=at).exclude(pk=ground.pk).exclude(kind__in=BY_LAW)
    wanted = [ground.purpose, *purposes]
    same = rows.filter(_lets_in(ground), person=ground.person_id, purpose__in=wanted)
    return same.order_by("pk").distinct()


def who_asked(ground: Ground, question: Question) -> set[str]:
    """Return where the answer is read, now: who of the team asked for it, and who holds the
    question; of who is away, who stands in; when that is nobody, the team.
    """
    today = timezone.localdate()
    team = Membership.objects.filter(team=question.team_id)
    asked = [one for one in team if str(one.person_id) == ground.recorded_by]
    holds = question.holder if question.holder_id else None
    found = {address for one in (*asked, holds) for address in of_holder(one, on=today)}
    return found or set(of_team(question.team, on=today))


def secret_teams(person: UUID | None, known: QuerySet[Ground]) -> set[UUID]:
    """Return the teams that a law lets in of which the reader may not know (1 query, and 1 more
    where there are).

    `known` are the grounds that they may read. Of a team that helps, or was asked to, they know.
    """
    hidden = Ground.objects.filter(person=person, is_informed=False).exclude(
        pk__in=known.order_by().values("pk")
    )
    named = list(hidden.values_list("recipients__team", "recipients__organisation"))
    if not named:
        return set()
    teams, wholes = ({one for one in column if one} for column in zip(*named, strict=True))
    rows = Team.objects.filter(Q(pk__in=teams) | Q(organisation__in=wholes))
    asked = Handover.objects.filter(question__person=person).values("to_team")
    helped = Question.objects.filter(person=person).values("team")
    return set(rows.exclude(pk__in=asked).exclude(pk__in=helped).values_list("pk", flat=True))


def secret_readers(person: UUID | None, known: QuerySet[Ground]) -> list[str]:
    """Return the keys of who works for such a team: of them "who looked" says nothing yet."""
    teams = secret_teams(person, known)
    rows = Membership.objects.filter(team__in=teams) if teams else Membership.objects.none()
    return [str(one) for one in rows.values_list("person", flat=True)]


def still_reads(
    question: Question, ground: Ground, known: QuerySet[Ground], *, at: datetime
) -> Reads | None:
    """Return why a receiver of a ground reads a question all the same, or None; of the `known`
    grounds, which the reader may read.
    """
    for one in ground.recipients.all():
        if one.team_id == question.team_id or (
            one.organisation_id and one.organisation_id == question.team.organisation_id
        ):
            return Reads.OWNS
    laws = known.holding(at=at).filter(kind__in=BY_LAW)  # type: ignore[attr-defined]  # grounds
    named = laws.filter(_lets_in(ground), person=ground.person_id, purpose__in=LET_ALONG)
    return Reads.LAW if named.exists() else None


def _lets_in(ground: Ground) -> Q:
    """Return the grounds that name a receiver of this one: itself, its whole, or a part of it."""
    found = Q(pk=None)
    for one in ground.recipients.select_related("team"):
        if one.team is not None:
            found |= Q(recipients__team=one.team_id)
        whole = one.organisation_id or (one.team and one.team.organisation_id)
        if whole:
            found |= Q(recipients__organisation=whole)
        if one.organisation_id:
            found |= Q(recipients__team__organisation=one.organisation_id)
    return found
