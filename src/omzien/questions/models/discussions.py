"""Talking about a question with all who are involved, or about a problem without a name."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from omzien.areas.models import Municipality
from omzien.people.gates import NOTHING, clock, gated
from omzien.people.models import Ground, Team
from omzien.people.models.closeness import close_to
from omzien.people.rules.grounds import LET_ALONG, Category
from omzien.people.rules.roles import Actor, Scope
from omzien.questions.models.questions import Question, readable
from omzien.questions.models.tasks import Task
from omzien.questions.rules.states import LIVE


class DiscussionQuerySet(models.QuerySet["Discussion"]):
    """Named sets of discussions."""

    def visible_to(self, actor: Actor) -> DiscussionQuerySet:
        """Return the discussions of the questions that `actor` may read, and those to which the
        own team is invited: about a question only while a ground covers the team, and not that of
        who is close to the worker.
        """
        return gated(self, _visible, actor)

    def coming(self, *, at: datetime) -> DiscussionQuerySet:
        """Return the discussions that are still to be, and go on."""
        return self.filter(at__gte=at, cancelled_at=None)

    def untold(self, *, at: datetime) -> DiscussionQuerySet:
        """Return the discussions about a live question that were held without the resident, who
        does not know of it.
        """
        held = self.filter(question__state__in=LIVE, at__lte=at, cancelled_at=None)
        return held.filter(resident_invited=False, told_at=None)

    def anonymous(self) -> DiscussionQuerySet:
        """Return the discussions that lead to nobody."""
        return self.filter(question=None)


def _visible(actor: Actor) -> Q:
    mine = readable(actor)
    if (
        actor.person and actor.membership is None
    ):  # also who speaks for them, and may be why they are not there
        told = Q(told_at__isnull=False) if actor.represents is None else NOTHING
        mine &= Q(resident_invited=True) | told
    if Scope.TEAM not in actor.may("question.work") or actor.team is None:
        return mine
    theirs = DiscussionTeam.objects.filter(discussion=OuterRef("pk"), team=actor.team)
    grounds = (
        Ground.objects.for_recipient(team=actor.team, organisation=actor.organisation)
        .holding(at=clock(actor))
        .filter(
            person=OuterRef("question__person"),
            purpose__in=LET_ALONG,
            categories__contains=[Category.STORY],
        )
    )
    without_name = Q(question=None) & (Q(team=actor.team) | Q(Exists(theirs)))
    invited = Q(Exists(theirs)) & Q(Exists(grounds)) & ~close_to(actor, "question__")
    return mine | without_name | invited


class Discussion(models.Model):
    """Teams talk together, for one purpose. Without a question it is anonymous: then nothing
    leads to a person.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE)
    question = models.ForeignKey(Question, models.CASCADE, null=True, related_name="discussions")
    team = models.ForeignKey(Team, models.PROTECT, related_name="discussions")  # that invites
    purpose = models.CharField(max_length=300)
    text = models.TextField(max_length=5000, blank=True)  # anonymous: what it is about
    at = models.DateTimeField()
    place = models.CharField(max_length=200, blank=True)
    resident_invited = models.BooleanField(default=True)
    not_invited_because = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)  # of one without them: since when they know of it
    reminded_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)

    objects = DiscussionQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(question=None) | Q(resident_invited=True) | ~Q(not_invited_because=""),
                name="not_inviting_the_resident_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(told_at=None) | Q(question__isnull=False, resident_invited=False),
                name="who_was_not_there_is_told_later",
            ),
            models.CheckConstraint(condition=~Q(purpose=""), name="a_discussion_has_a_purpose"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class DiscussionTeamQuerySet(models.QuerySet["DiscussionTeam"]):
    """Named sets of the teams that take part."""

    def uncovered(self, *, at: datetime) -> DiscussionTeamQuerySet:
        """Return who in coming discussions about a question no ground covers: other teams than
        the one that invites, and the one that owns the question now.
        """
        named = Ground.objects.for_recipient(
            team=OuterRef("team"), organisation=OuterRef("team__organisation")
        )
        grounds = named.holding(at=at).filter(
            person=OuterRef("discussion__question__person"),
            purpose__in=LET_ALONG,
            categories__contains=[Category.STORY],
        )
        coming = self.filter(discussion__at__gte=at, discussion__cancelled_at=None)
        about = coming.filter(discussion__question__isnull=False)
        others = about.exclude(team=F("discussion__team")).exclude(
            team=F("discussion__question__team")
        )
        return others.exclude(Exists(grounds))


class DiscussionTeam(models.Model):
    """A team that takes part."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE)
    discussion = models.ForeignKey(Discussion, models.CASCADE, related_name="teams")
    team = models.ForeignKey(Team, models.PROTECT, related_name="+")

    objects = DiscussionTeamQuerySet.as_manager()

    class Meta:
        ordering = ["team__name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["discussion", "team"], name="a_team_takes_part_once")
        ]

    def __str__(self) -> str:
        return str(self.id)


class Decision(models.Model):
    """What was decided in a discussion, as a task of the question."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE)
    discussion = models.ForeignKey(Discussion, models.CASCADE, related_name="decisions")
    task = models.OneToOneField(Task, models.CASCADE, related_name="decision")

    def __str__(self) -> str:
        return str(self.id)
