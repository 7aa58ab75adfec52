"""Proposing another route, and answering it. Only the answer changes where questions go."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from omzien.areas.models import Municipality, Village
from omzien.journal.models import Fact
from omzien.people.models import Team
from omzien.people.models.closeness import keys_of
from omzien.people.queries.mailboxes import (
    of_coordinators,
    of_functional_managers,
    of_policy_officers,
    of_privacy_officers,
)
from omzien.people.rules.roles import Actor
from omzien.questions.actions.routes import append_route, lock_routes, note_route
from omzien.questions.actions.telling import say
from omzien.questions.actions.writing import once
from omzien.questions.models import RouteProposal
from omzien.questions.queries.routing import effects_of, read_teams
from omzien.questions.refusals import (
    AlreadySo,
    AnsweredAlready,
    NobodyReads,
    NotAllowed,
    NotAWorkingTeam,
    OwnProposal,
    ProposedAlready,
    TakenBack,
)
from omzien.questions.rules.proposals import Advice, Why, WhyNot

State = RouteProposal.State


@transaction.atomic
def propose_route(
    *,
    municipality: Municipality,
    team: Team,
    villages: Iterable[int],
    why: Why,
    by: Actor,
    now: datetime,
    topics: Iterable[str] = (),
    key: UUID | None = None,
) -> RouteProposal:
    """Propose that a team gets the questions of villages, all or those of some topics. `key` is
    that of the form: the same form with the same words is one proposal.

    Raises NotAllowed, NotAWorkingTeam, NobodyReads, ProposedAlready, AlreadySo.
    """
    if by.municipality != municipality.pk or not by.may_all("rules.propose"):
        raise NotAllowed
    own = once(team.pk, key, by.key, sorted(villages), sorted(topics), why)
    if known := RouteProposal.objects.filter(pk=own, municipality=municipality).first():
        if known.state == State.WAITING:
            return known
        own = uuid4()  # a page that was kept, and the first one is settled
    if not Team.objects.live().filter(pk=team.pk, municipality=municipality).exists():
        raise NotAWorkingTeam
    if not read_teams(municipality).filter(pk=team.pk).exists():
        raise NobodyReads
    try:
        with transaction.atomic():
            row = RouteProposal.objects.create(
                pk=own,
                municipality=municipality,
                team=team,
                villages=sorted(set(villages)),
                topics=sorted(set(topics)),
                why=why,
                from_team_id=by.team,
                proposed_by=by.key,
                proposed_at=now,
            )
    except IntegrityError:
        if known := RouteProposal.objects.filter(pk=own).first():  # sent at the same moment
            return known
        raise ProposedAlready from None
    if effects_of(municipality, [row])[row.pk].is_so:
        raise AlreadySo
    note_route("propose", row, by, subject="route-proposal")
    today = timezone.localdate(now)
    officers = of_policy_officers(municipality.pk, on=today)
    say(municipality, "route-proposed", row.pk, officers, path=reverse("route-proposals"))
    advisers = of_privacy_officers(municipality.pk, on=today)
    say(municipality, "route-advice", row.pk, advisers, path=reverse("advise-routes"))
    return row


@transaction.atomic
def withdraw_proposal(
    *, municipality: Municipality, key: UUID, by: Actor, now: datetime
) -> RouteProposal:
    """Take back one's own proposal; once more is nothing new. Raises NotAllowed, also for that of
    somebody else, AnsweredAlready, and RouteProposal.DoesNotExist.
    """
    if done := _done("withdraw", State.WITHDRAWN, municipality, key, by):
        return done
    row = _waiting(municipality, key, by, "rules.propose")
    if row.proposed_by != by.key:
        raise NotAllowed
    row.state, row.answered_at = State.WITHDRAWN, now
    row.save(update_fields=["state", "answered_at"])
    note_route("withdraw", row, by, subject="route-proposal")
    return row


@transaction.atomic
def advise_on(*, municipality: Municipality, key: UUID, advice: Advice, by: Actor) -> RouteProposal:
    """Say what one thinks of a proposal; who decides reads it. The last advice counts.

    Raises NotAllowed, AnsweredAlready, TakenBack, and RouteProposal.DoesNotExist.
    """
    row = _waiting(municipality, key, by, "rules.advise")
    row.advice = advice
    row.save(update_fields=["advice"])
    note_route("advise", row, by, subject="route-proposal")
    return row


@transaction.atomic
def take_proposal(
    *, municipality: Municipality, key: UUID, by: Actor, now: datetime
) -> RouteProposal:
    """Make a proposal a rule, above those that would catch its questions and are no narrower.

    A village that is gone no longer counts. Who said yes and says so again changes nothing.

    Raises NotAllowed, AlreadySo, OwnProposal, AnsweredAlready, TakenBack, NobodyReads,
    NotAWorkingTeam (of a team that stopped, or when none of the villages is left), and
    RouteProposal.DoesNotExist.
    """
    if done := _done("take", State.TAKEN, municipality, key, by):
        return done
    row = _open(municipality, key, by)
    found = Village.objects.filter(municipality=municipality, pk__in=row.villages)
    villages = list(found.values_list("pk", flat=True))
    if not villages:  # no village would mean: all of them
        raise NotAWorkingTeam
    lock_routes(municipality)
    row.villages = villages
    effect = effects_of(municipality, [row])[row.pk]
    if effect.is_so:
        raise AlreadySo
    append_route(
        municipality=municipality, team=row.team, villages=villages, topics=row.topics, by=by,
        above=effect.above,
    )  # fmt: skip
    keepers = of_functional_managers(municipality.pk, on=timezone.localdate(now))
    say(municipality, "route-taken", row.pk, keepers, path=reverse("routes"))
    return _answer(row, State.TAKEN, "", by, now)


@transaction.atomic
def refuse_proposal(
    *, municipality: Municipality, key: UUID, why_not: WhyNot, by: Actor, now: datetime
) -> RouteProposal:
    """Leave the routes as they are, and say why; once more is nothing new. Raises what
    `take_proposal` does of the first.
    """
    done = _done("refuse", State.REFUSED, municipality, key, by)
    if done and done.why_not == why_not:
        return done
    return _answer(_open(municipality, key, by), State.REFUSED, why_not, by, now)


def _open(municipality: Municipality, key: UUID, by: Actor) -> RouteProposal:
    row = _waiting(municipality, key, by, "rules.approve")
    if row.proposed_by in keys_of(by):  # four eyes, also for who has both roles
        raise OwnProposal
    return row


def _done(
    verb: str, state: RouteProposal.State, municipality: Municipality, key: UUID, by: Actor
) -> RouteProposal | None:
    """Return the proposal where the same person did just this with it: the form came twice."""
    row = RouteProposal.objects.select_for_update(of=("self",)).filter(pk=key).first()
    if row is None or row.municipality_id != municipality.pk or row.state != state:
        return None
    facts = Fact.objects.filter(subject="route-proposal", subject_id=str(key), verb=verb)
    return row if facts.filter(actor=by.key).exists() else None


def _waiting(municipality: Municipality, key: UUID, by: Actor, verb: str) -> RouteProposal:
    if by.municipality != municipality.pk or not by.may_all(verb):
        raise NotAllowed
    rows = RouteProposal.objects.select_for_update(of=("self",)).select_related("team", "from_team")
    row = rows.get(pk=key, municipality=municipality)
    if row.state == State.WITHDRAWN:
        raise TakenBack
    if row.state != State.WAITING:
        raise AnsweredAlready
    return row


def _answer(
    row: RouteProposal, state: RouteProposal.State, why_not: str, by: Actor, now: datetime
) -> RouteProposal:
    row.state, row.why_not, row.answered_at = state, why_not, now
    row.save(update_fields=["state", "why_not", "answered_at"])
    verb = "take" if state == State.TAKEN else "refuse"
    note_route(verb, row, by, subject="route-proposal")
    if row.from_team:
        asked = of_coordinators(row.from_team, on=timezone.localdate(now))
        say(row.municipality, "route-answered", row.pk, asked, path=reverse("propose-route"))
    return row
