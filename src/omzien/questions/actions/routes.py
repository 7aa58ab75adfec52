"""Keeping the routes: rules in order. A rule can only lead to a team that works."""

from collections.abc import Iterable
from datetime import time
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F, Max, QuerySet
from django.urls import reverse
from django.utils import timezone

from omzien.areas.models import Municipality, Village
from omzien.journal.actions import record
from omzien.journal.models import Fact
from omzien.people.models import Team
from omzien.people.queries.mailboxes import of_coordinators
from omzien.people.rules.roles import Actor
from omzien.questions.actions.telling import say
from omzien.questions.actions.writing import once
from omzien.questions.models import RouteProposal, RoutingRule
from omzien.questions.queries.routing import read_teams, routes_now
from omzien.questions.refusals import HalfASpan, NobodyReads, NotAllowed, NotAWorkingTeam
from omzien.questions.rules.routing import Routes, Shift, shift

DAYS = range(1, 8)  # 1 is Monday


@transaction.atomic
def add_route(
    *,
    municipality: Municipality,
    team: Team,
    by: Actor,
    villages: Iterable[int] = (),
    topics: Iterable[str] = (),
    days: Iterable[int] = (),
    starts: time | None = None,
    ends: time | None = None,
    key: UUID | None = None,
) -> RoutingRule:
    """Add a rule, after all others. Nothing chosen means: all. `key` is that of the form: the
    same form with the same words is one rule.

    The team is held while this is done, so that it is not archived at the same moment.
    Raises NotAllowed, NotAWorkingTeam, NobodyReads, HalfASpan.
    """
    _may_apply(by, municipality)
    lock_routes(municipality)
    own = once(team.pk, key, sorted(villages), sorted(topics), sorted(days), starts, ends)
    known = RoutingRule.objects.filter(pk=own, municipality=municipality).first()
    return known or append_route(
        municipality=municipality, team=team, by=by, villages=villages, topics=topics, days=days,
        starts=starts, ends=ends, own=own,
    )  # fmt: skip


def append_route(
    *,
    municipality: Municipality,
    team: Team,
    by: Actor,
    villages: Iterable[int],
    topics: Iterable[str],
    days: Iterable[int] = (),
    starts: time | None = None,
    ends: time | None = None,
    above: UUID | None = None,
    own: UUID | None = None,
) -> RoutingRule:
    """Add a rule inside the caller's transaction, which has asked whether `by` may.

    It stands `above` another rule, or last; `own` is the key that it gets.

    Raises NotAWorkingTeam, NobodyReads, HalfASpan.
    """
    if (starts is None) != (ends is None) or (starts is not None and starts == ends):
        raise HalfASpan
    lock_routes(municipality)
    held = Team.objects.select_for_update(of=("self",)).filter(
        pk=team.pk, municipality=municipality, archived_at=None
    )
    if held.first() is None:
        raise NotAWorkingTeam
    if not read_teams(municipality).filter(pk=team.pk).exists():
        raise NobodyReads
    before = routes_now(municipality)
    rules = RoutingRule.objects.filter(municipality=municipality)
    last = rules.aggregate(last=Max("position"))["last"] or 0
    rule = RoutingRule.objects.create(
        pk=own or uuid4(),
        municipality=municipality,
        position=last + 1,
        villages=sorted(set(villages)),
        topics=sorted(set(topics)),
        days=sorted(set(days) & set(DAYS)),
        starts=starts,
        ends=ends,
        team=team,
    )
    if above is not None:
        _lift(rule, rules, above)
    _note_shift("add", rule, by, before=before)
    return rule


def _lift(rule: RoutingRule, rules: QuerySet[RoutingRule], above: UUID) -> None:
    place = rules.get(pk=above).position
    rules.filter(pk=rule.pk).update(position=0)  # no two rules may stand in one place
    for later in rules.filter(position__gte=place).exclude(pk=rule.pk).order_by("-position"):
        rules.filter(pk=later.pk).update(position=F("position") + 1)
    rules.filter(pk=rule.pk).update(position=place)
    rule.position = place


@transaction.atomic
def move_route(
    *, municipality: Municipality, key: UUID, up: bool, by: Actor, was: int | None = None
) -> bool:
    """Let a rule change places with the one above or below it; False when there is none.

    `was` is the place that the page showed: a rule that stands elsewhere now is not moved, and
    True when that is where it was to go.

    Raises NotAllowed, and RoutingRule.DoesNotExist for a rule that is gone.
    """
    _may_apply(by, municipality)
    lock_routes(municipality)
    rules = RoutingRule.objects.filter(municipality=municipality)
    rule = rules.get(pk=key)
    if was not in (None, rule.position):
        return rule.position == was + (-1 if up else 1)
    side = {"position__lt": rule.position} if up else {"position__gt": rule.position}
    other = rules.filter(**side).order_by("-position" if up else "position").first()
    if other is None:
        return False
    before = routes_now(municipality)
    here, there = rule.position, other.position
    # No two rules may stand in one place, not even for a moment: 0 is nobody's place.
    rules.filter(pk=rule.pk).update(position=0)
    rules.filter(pk=other.pk).update(position=here)
    rules.filter(pk=rule.pk).update(position=there)
    _note_shift("move", rule, by, before=before)
    return True


@transaction.atomic
def remove_route(*, municipality: Municipality, key: UUID, by: Actor) -> None:
    """Take a rule away; one that was taken away stays so.

    Raises NotAllowed, and RoutingRule.DoesNotExist for one that never was.
    """
    _may_apply(by, municipality)
    lock_routes(municipality)
    rules = RoutingRule.objects.filter(municipality=municipality)
    rule = rules.filter(pk=key).first()
    if rule is None:
        gone = Fact.objects.filter(municipality=municipality.pk, subject="route", verb="remove")
        if gone.filter(subject_id=str(key)).exists():
            return
        raise RoutingRule.DoesNotExist
    before = routes_now(municipality)
    place, key = rule.position, rule.pk
    rule.delete()
    # One by one and from the top: each steps into the place that just came free.
    for later in rules.filter(position__gt=place).order_by("position"):
        rules.filter(pk=later.pk).update(position=F("position") - 1)
    rule.pk = key
    _note_shift("remove", rule, by, before=before)


def lock_routes(municipality: Municipality) -> None:
    """Let two people who change the routes at the same moment do so after each other."""
    Municipality.objects.select_for_update(no_key=True).get(pk=municipality.pk)


def _may_apply(by: Actor, municipality: Municipality) -> None:
    is_here = bool(by.machine) or by.municipality == municipality.pk
    if not (is_here and by.may_all("rules.apply")):
        raise NotAllowed


def note_area(team: Team, villages: Iterable[int], by: Actor, *, before: Routes) -> None:
    """Write which villages (none named: all) go another way by what became of a team, and tell who
    gets other questions by it; nothing where all stays as it was.

    In the caller's transaction, which holds the routes.
    """
    if routes_now(team.municipality) == before:
        return
    area = RoutingRule(
        pk=team.pk, municipality=team.municipality, team=team, villages=sorted(villages)
    )
    _note_shift("area", area, by, before=before)


def _note_shift(verb: str, rule: RoutingRule, by: Actor, *, before: Routes) -> None:
    """Write the fact of a changed route, with who gets and who loses questions by it, and tell
    who coordinates these teams: by one mail a day, for rules are moved step by step.
    """
    found = _shift_since(before, rule.municipality)
    note_route(verb, rule, by, gets=found.gets, loses=found.loses)
    _tell_shift(rule.municipality, found)


def _shift_since(before: Routes, municipality: Municipality) -> Shift:
    villages = Village.objects.filter(municipality=municipality).values_list("pk", flat=True)
    return shift(before, routes_now(municipality), villages)


def _tell_shift(municipality: Municipality, found: Shift) -> None:
    today = timezone.localdate()
    for team in Team.objects.filter(pk__in=found.gets | found.loses).order_by("pk"):
        told = of_coordinators(team, on=today)
        key, path = f"{team.pk}:{today}", reverse("propose-route")
        say(municipality, "route-changed", key, told, path=path)


def note_route(
    verb: str,
    rule: RoutingRule | RouteProposal,
    by: Actor,
    *,
    subject: str = "route",
    gets: Iterable[UUID] = (),
    loses: Iterable[UUID] = (),
) -> None:
    """Write the fact of a rule, or of a proposal for one: which team gets which questions."""
    record(
        verb=verb,
        subject=subject,
        subject_id=rule.pk,
        by=by.key,
        municipality=rule.municipality_id,
        team=str(rule.team_id),
        topics=rule.topics,
        villages=rule.villages,
        gets=sorted(map(str, gets)),
        loses=sorted(map(str, loses)),
    )
