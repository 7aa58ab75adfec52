"""The help question: a resident, a story, one owner team, and a clock that always runs."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from omzien.areas.models import Municipality, Village
from omzien.areas.queries import chosen
from omzien.kernel.ladder import Rung
from omzien.people.gates import NOTHING, clock, gated, late, passes
from omzien.people.models import Ground, Mandate, Membership, Person, SamePerson, Team
from omzien.people.models.closeness import close_to
from omzien.people.queries.mandates import OPENS
from omzien.people.rules.grounds import HAND_OVER, LET_ALONG, Category
from omzien.people.rules.roles import Actor, Scope
from omzien.questions.models.breakglass import BreakGlass
from omzien.questions.rules.money import MONEY, is_about_money
from omzien.questions.rules.states import ENDED, LIVE, Channel, Left, ReachBy, Result, State

LONGEST_STORY = 20_000
MOST_TOPICS = 5
RUNGS = [(rung.value, rung.value) for rung in Rung]
# What a ground must cover before the receiver of a handover may read under a verb.
CATEGORY = {
    "story.read": Category.STORY,
    "contact.read": Category.CONTACT,
    "plan.read": Category.PLAN,
}
OPEN_HANDOVER = ("offered", "accepted")  # handovers/rules/states.py: OPEN; this app lies below it
TAKEN_HANDOVER = ("handed-over", "reported-back")  # of which the receiver became the owner
ALONG = ("asked", "along")  # handovers/rules/along.py: OPEN_ALONG
WAITING = "waiting"  # handovers/rules/waiting.py


class QuestionQuerySet(models.QuerySet["Question"]):
    """Named sets of questions."""

    def live(self) -> QuestionQuerySet:
        """Return the questions that are somebody's work."""
        return self.filter(state__in=LIVE)

    def visible_to(self, actor: Actor, verb: str = "story.read") -> QuestionQuerySet:
        """Return the questions of which `actor` may read the story, or do `verb` with.

        Asked anew at every request and never stored: one's own, also of who turned out to be the
        same person; those of who gave a mandate; the live ones of the own team; those that an
        open handover offers to the own team, or that the own team works along with, while a
        ground covers it; the acute ones, for the team on duty; those opened in an emergency.
        Nobody opens their own question or that of a relative
        as a worker. A link in a mail opens the one question of its handover: while it is offered
        as far as a ground covers, and whole when it is theirs; under no other verb than reading.
        """
        return gated(self, _visible, actor, verb)

    def lets(self, actor: Actor, verb: str, question: uuid.UUID) -> bool:
        """Tell whether `actor` may do `verb` with one question: the same gate, for one row."""
        return passes(Question, question, _visible, actor, verb)

    def alarming(self, actor: Actor) -> QuestionQuerySet:
        """Return the questions of which `actor` sees whether they are acute: those that one works
        on, and as the team on duty every acute one. No word of the story goes along.
        """
        if not actor.may("question.work") or actor.membership is None:
            return self.none()
        work = Question.objects.visible_to(actor, verb="question.work").values("pk")
        read = Question.objects.visible_to(actor).filter(is_acute=True).values("pk")
        return self.filter(Q(pk__in=work) | Q(pk__in=read))

    def ended_for(self, actor: Actor) -> QuestionQuerySet:
        """Return what ended with the own team. Closed gives no working access: pages show of
        these the reference, the dates and the result, and nothing more.
        """
        if Scope.TEAM not in actor.may("question.close") or actor.team is None:
            return self.none()
        return self.filter(team=actor.team, state__in=ENDED).apart_from(actor)

    def apart_from(self, actor: Actor) -> QuestionQuerySet:
        """Return the questions of whom a worker is not close to: they may work for these."""
        return gated(self, _not_close, actor)

    def asked_for_another(self, actor: Actor) -> QuestionQuerySet:
        """Return what `actor` asked for somebody else. It opens no story, plan or contact: pages
        show of these the number, whether it is picked up, and whom to call.
        """
        if Scope.OWN not in actor.may("question.follow") or actor.person is None:
            return self.none()
        rows = self.filter(asked_by=actor.person, person__isnull=False)
        return rows.exclude(pk__in=Question.objects.visible_to(actor).values("pk"))

    def waiting(self, *, on: date) -> QuestionQuerySet:
        """Return the live questions of which the clock says: today, or earlier."""
        return self.live().filter(due_on__lte=on)


def working(
    away: Mapping[uuid.UUID, Membership | None], *, on: date
) -> models.QuerySet[Membership]:
    """Return who holds questions on a day: able to sign in, and not `away` with nobody who
    stands in.
    """
    without = [one for one, stand_in in away.items() if stand_in is None]
    return Membership.objects.at_work(on=on).exclude(pk__in=without)


def _visible(actor: Actor, verb: str) -> Q:
    reach = actor.may(verb)
    if actor.person is None:
        return _by_link(actor, verb) if actor.handover else NOTHING
    wanted = NOTHING
    if Scope.OWN in reach and actor.membership is None:
        same = SamePerson.objects.opening_to(actor.person)
        wanted |= Q(person=actor.person) | Q(person__in=same.values("other"))
    if Scope.MANDATE in reach and actor.represents:
        wanted |= Q(person=actor.represents) & _for_proxy(actor)
    if actor.membership:
        wanted |= _as_worker(actor, verb) & ~close_to(actor)
    return wanted


def _as_worker(actor: Actor, verb: str) -> Q:
    reach, wanted = actor.may(verb), NOTHING
    # A partner that took a question over did so on a ground: for it, "with a ground" (g)
    # holds of what its team owns.
    if reach & {Scope.TEAM, Scope.GROUND} and actor.team:
        wanted |= Q(team=actor.team, state__in=LIVE)
    if Scope.GROUND in reach and actor.team and verb in CATEGORY:
        shared = _offered(actor) & _covered(actor, CATEGORY[verb], [HAND_OVER])
        shared |= _along(actor) & _covered(actor, CATEGORY[verb], LET_ALONG)
        wanted |= Q(state__in=LIVE) & shared
    if reach & {Scope.TEAM, Scope.GROUND} and actor.team and verb in CATEGORY:
        wanted |= _on_duty(actor)
    if Scope.BREAK_GLASS in reach:
        wanted |= Q(state__in=LIVE, pk__in=opened_by(actor))
    return wanted


def opened_by(actor: Actor) -> models.QuerySet[BreakGlass, Any]:
    """Return the questions that a worker may read in an emergency, now."""
    opened = BreakGlass.objects.open(at=clock(actor))
    return opened.filter(membership=actor.membership).values("question")


def _not_close(actor: Actor) -> Q:
    return Q(person=None) | ~close_to(actor)


def readable(actor: Actor, verb: str = "story.read") -> Q:
    """Return the gate of what belongs to a question: `actor` may do `verb` with that."""
    return Q(question__in=Question.objects.visible_to(actor, verb=verb))


def _for_proxy(actor: Actor) -> Q:
    """Return what a mandate opens: every question, or for an administrator those about money."""
    held = Mandate.objects.live(on=timezone.localdate(clock(actor))).filter(
        resident=actor.represents, proxy=actor.person, what__overlap=OPENS
    )
    about_money = Q(topics__overlap=MONEY, topics__contained_by=MONEY)
    return Q(Exists(held.of_all())) | (about_money & Q(Exists(held)))


def _offered(actor: Actor) -> Q:
    """Return whether an open handover offers a question to the own team.

    Handovers live in a room above this one, so the model is asked for by its name.
    """
    handovers = apps.get_model("handovers", "Handover")._default_manager.filter(
        question=OuterRef("pk"), to_team=actor.team, state__in=OPEN_HANDOVER
    )
    if actor.handover:
        handovers = handovers.filter(pk=actor.handover)
    return Q(Exists(handovers))


def _along(actor: Actor) -> Q:
    """Return whether the own team works along on a question of another team."""
    involved = apps.get_model("handovers", "Involvement")._default_manager.filter(
        question=OuterRef("pk"), team=actor.team, state__in=ALONG
    )
    return Q(Exists(involved))


def _covered(actor: Actor, category: Category, purposes: Collection[str]) -> Q:
    grounds = (
        Ground.objects.for_recipient(team=actor.team, organisation=actor.organisation)
        .holding(at=clock(actor))
        .filter(person=OuterRef("person"), purpose__in=purposes, categories__contains=[category])
    )
    return Q(Exists(grounds))


def _by_link(actor: Actor, verb: str) -> Q:
    if verb not in CATEGORY:
        return NOTHING
    assert actor.handover is not None
    taken = apps.get_model("handovers", "Handover")._default_manager.filter(
        pk=actor.handover, question=OuterRef("pk"), state__in=TAKEN_HANDOVER
    )
    theirs = Q(team=actor.team) & Q(Exists(taken))
    offered = _offered(actor) & _covered(actor, CATEGORY[verb], [HAND_OVER])
    return Q(state__in=LIVE) & (offered | theirs)


def _on_duty(actor: Actor) -> Q:
    """Return what the duty team reads: acute questions that live, of whichever team they are.

    The municipality names the team; a name that no working team has means that nobody is on duty.
    """
    assert actor.team is not None
    duty = Team.objects.live().filter(pk=actor.team, name__iexact=late(_duty_team, actor))
    return Q(state__in=LIVE, is_acute=True) & Q(Exists(duty))


def _duty_team(actor: Actor) -> str | None:
    return chosen(actor.municipality, "duty_team", "") or None  # as no team is called


class Question(models.Model):
    """A help question. At every moment exactly one team owns it; a person may hold it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE)
    reference = models.CharField(max_length=9)  # for the phone: "K7P4-WQ9D"
    key = models.UUIDField(default=uuid.uuid4)  # of the form that asked: sent twice is asked once
    # who
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="questions")
    asked_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="questions_asked")
    channel = models.CharField(max_length=10, choices=[(c, c) for c in Channel])
    reach_by = models.CharField(max_length=10, choices=[(r, r) for r in ReachBy])
    best_moment = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=5, default="nl")
    # what and where
    story = models.TextField(max_length=LONGEST_STORY)
    topics = ArrayField(models.CharField(max_length=40), default=list)
    village = models.ForeignKey(Village, models.PROTECT, related_name="+")
    # where it stands
    state = models.CharField(max_length=12, choices=[(s, s) for s in State], default=State.NEW)
    team = models.ForeignKey(Team, models.PROTECT, related_name="questions")
    holder = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="held")
    rung = models.CharField(max_length=12, choices=RUNGS, blank=True)
    next_action = models.CharField(max_length=200, blank=True)
    next_on = models.DateField(null=True)  # the day of that step, as the resident was told
    due_on = models.DateField(null=True)  # when the owner must do something, maybe sooner
    is_acute = models.BooleanField(default=False)  # only a named professional ends this
    # how it went
    asked_at = models.DateTimeField()
    replied_at = models.DateTimeField(null=True)  # the first time that a person answered
    ended_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=10, choices=[(r, r) for r in Result], blank=True)
    rung_reached = models.CharField(max_length=12, choices=RUNGS, blank=True)
    told_at = models.DateTimeField(null=True)  # the resident knows that it ended
    left = models.CharField(max_length=6, choices=[(one, one) for one in Left], blank=True)
    follows = models.ForeignKey("self", models.SET_NULL, null=True, related_name="followed_by")
    version = models.PositiveIntegerField(default=1)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "reference"], name="one_question_per_reference"
            ),
            models.UniqueConstraint(fields=["municipality", "key"], name="asked_once"),
            models.CheckConstraint(
                condition=~Q(state__in=sorted(LIVE))
                | Q(person__isnull=False, due_on__isnull=False, ended_at=None),
                name="a_live_question_has_a_person_and_a_clock",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.RUNNING) | (~Q(rung="") & ~Q(next_action="")),
                name="a_running_question_has_a_next_step",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.CLOSED)
                | (
                    ~Q(result="")
                    & ~Q(rung_reached="")
                    & (Q(told_at__isnull=False) | Q(left=Left.DIED))
                ),
                name="a_closed_question_has_a_result_and_was_told",
            ),
            models.CheckConstraint(
                condition=Q(is_acute=False) | Q(state__in=sorted(LIVE)),
                name="nothing_closes_a_crisis",
            ),
        ]
        indexes = [
            models.Index(
                fields=["team", "due_on", "asked_at", "id"],
                condition=Q(state__in=sorted(LIVE)),
                name="inbox_of_a_team",
            ),
            models.Index(
                fields=["holder", "due_on", "asked_at", "id"],
                condition=Q(state__in=sorted(LIVE)),
                name="inbox_of_a_person",
            ),
            models.Index(
                fields=["team", "due_on", "asked_at", "id"],
                condition=Q(state__in=sorted(LIVE), holder=None),
                name="inbox_of_a_desk",
            ),
            models.Index(
                fields=["team", "due_on", "asked_at", "id"],
                condition=Q(state__in=sorted(LIVE), is_acute=True),
                name="inbox_acute",
            ),
            models.Index(fields=["team", "ended_at"]),
            models.Index(fields=["municipality", "state", "ended_at"]),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_about_money(self) -> bool:
        """Tell whether it is about money alone."""
        return is_about_money(self.topics)

    @property
    def is_live(self) -> bool:
        """Tell whether this is somebody's work."""
        return self.state in LIVE
