"""The conversation of a question: posts to and fro, their files, and notes beside it."""

from __future__ import annotations

import uuid
from datetime import date

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q

from omzien.areas.models import Municipality
from omzien.people.gates import NOTHING, gated
from omzien.people.models import Team
from omzien.people.rules.roles import Actor, Scope
from omzien.questions.models.questions import Question, opened_by, readable
from omzien.questions.rules.states import LIVE

LONGEST_POST = 20_000
LONGEST_NOTE = 5_000


def _worked_on(actor: Actor) -> Q:
    """Return which rows are of a question that a worker works on, or opened in an emergency.

    Not of one that is only offered: its receiver sees the package.
    """
    read = Question.objects.visible_to(actor).filter(pk__in=opened_by(actor))
    return readable(actor, "question.work") | Q(question__in=read)


def _posts(actor: Actor) -> Q:
    if actor.handover:
        return _by_link(actor)
    return readable(actor) if actor.membership is None else _worked_on(actor)


def _by_link(actor: Actor) -> Q:
    """Return what the resident wrote since the team behind a link helps, while it knows them."""
    known = Question.objects.visible_to(actor, verb="contact.read").filter(team=actor.team)
    assert actor.handover is not None
    taken = apps.get_model("handovers", "Handover")._default_manager.filter(
        pk=actor.handover, question=OuterRef("question"), ended_at__lte=OuterRef("at")
    )
    return Q(question__in=known) & Q(Exists(taken)) & ~Q(side=Post.Side.WORKER)


def _attachments(actor: Actor) -> Q:
    return NOTHING if actor.handover else Q(post__in=Post.objects.visible_to(actor))


def _notes(actor: Actor) -> Q:
    if actor.person is None:
        return NOTHING
    if actor.membership is None:
        is_own = Scope.OWN in actor.may("note.read") and actor.represents is None
        return readable(actor) if is_own else NOTHING
    ours = Q(team=actor.team) | Q(question__in=opened_by(actor))
    return ours & _worked_on(actor) & Q(kind=Note.Kind.TEAM)


class PostQuerySet(models.QuerySet["Post"]):
    """Named sets of posts."""

    def visible_to(self, actor: Actor) -> PostQuerySet:
        """Return the posts that `actor` may read.

        The resident and who has a mandate: those of the own question. Who works: those of the
        own team's questions, or of one opened in an emergency. The receiver of a handover sees
        the package and not the conversation, until the question is theirs. Behind a link: what
        the resident wrote since.
        """
        return gated(self, _posts, actor)

    def from_resident(self) -> PostQuerySet:
        """Return what the resident said, or somebody for them."""
        return self.exclude(side=Post.Side.WORKER)

    def unseen(self) -> PostQuerySet:
        """Return what the other side did not open yet."""
        return self.filter(seen_at=None)

    def unanswered(self) -> PostQuerySet:
        """Return the questions to the resident that wait for an answer."""
        return self.filter(answer_by__isnull=False, answered_at=None)

    def silent(self) -> PostQuerySet:
        """Return those of which the term went by without an answer."""
        return self.unanswered().filter(silent_at__isnull=False)

    def to_fall_silent(self, *, on: date) -> PostQuerySet:
        """Return the unanswered ones whose term is over: its last day counts."""
        return self.unanswered().filter(answer_by__lt=on, silent_at=None, question__state__in=LIVE)


class Post(models.Model):
    """One thing that was said; never changed afterwards. Erased with its question."""

    class Side(models.TextChoices):
        RESIDENT = "resident"
        WORKER = "worker"
        ASKER = "asker"  # somebody with a mandate, for the resident

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE)
    question = models.ForeignKey(Question, models.CASCADE, related_name="posts")
    key = models.UUIDField(default=uuid.uuid4)  # of the form: sent twice is said once
    side = models.CharField(max_length=10, choices=Side)
    author = models.CharField(max_length=60)  # the random key of a person
    text = models.TextField(max_length=LONGEST_POST)
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)  # the first time that the other side opened it
    # A question to the resident has a clock; silence is told to the owner and changes no state.
    answer_by = models.DateField(null=True)
    answered_at = models.DateTimeField(null=True)
    silent_at = models.DateTimeField(null=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["question", "key"], name="said_once"),
            models.CheckConstraint(condition=~Q(text=""), name="a_post_says_something"),
            models.CheckConstraint(
                condition=Q(answer_by=None) | Q(side="worker"),
                name="only_a_worker_waits_for_an_answer",
            ),
        ]
        indexes = [
            models.Index(fields=["question", "at"]),
            models.Index(
                fields=["municipality", "answer_by"],
                condition=Q(answer_by__isnull=False, answered_at=None, silent_at=None),
                name="posts_that_wait",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    """Named sets of files."""

    def visible_to(self, actor: Actor) -> AttachmentQuerySet:
        """Return the files of the posts that `actor` may read."""
        return gated(self, _attachments, actor)

    def listed(self) -> AttachmentQuerySet:
        """Return them without their content, which only a download needs."""
        return self.defer("content")


class Attachment(models.Model):
    """A file with a post, kept as bytes in the database: erased and restored with the rest.

    `number` counts within the question; that is how an address names it, so that a file is
    never reached past its question.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE)
    question = models.ForeignKey(Question, models.CASCADE, related_name="attachments")
    post = models.ForeignKey(Post, models.CASCADE, related_name="attachments")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    content_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    content = models.BinaryField()

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ["number", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["question", "number"], name="one_file_per_number")
        ]

    def __str__(self) -> str:
        return str(self.id)


class NoteQuerySet(models.QuerySet["Note"]):
    """Named sets of notes."""

    def visible_to(self, actor: Actor) -> NoteQuerySet:
        """Return the notes that `actor` may read.

        The resident: their own, and what the team wrote down about them. The team that wrote
        them: its own, never those of the resident and never those of a team before or after.
        A proxy: none. Where somebody is at risk from who speaks for them, this is where it is
        written down.
        """
        return gated(self, _notes, actor)

    def private(self) -> NoteQuerySet:
        """Return what residents wrote for themselves."""
        return self.filter(kind=Note.Kind.OWN)

    def of_team(self) -> NoteQuerySet:
        """Return what teams wrote down."""
        return self.filter(kind=Note.Kind.TEAM)


class Note(models.Model):
    """A note beside the conversation: of the team, or of the resident for nobody else."""

    class Kind(models.TextChoices):
        TEAM = "team"
        OWN = "own"  # the resident's: no worker and no proxy ever reads it

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE)
    question = models.ForeignKey(Question, models.CASCADE, related_name="notes")
    key = models.UUIDField(default=uuid.uuid4)
    kind = models.CharField(max_length=5, choices=Kind)
    team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="+")
    author = models.CharField(max_length=60)
    text = models.TextField(max_length=LONGEST_NOTE)
    at = models.DateTimeField()

    objects = NoteQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["question", "key"], name="noted_once"),
            models.CheckConstraint(
                condition=Q(kind="own", team=None) | Q(kind="team", team__isnull=False),
                name="a_note_is_of_a_team_or_of_the_resident",
            ),
        ]
        indexes = [models.Index(fields=["question", "kind", "at"])]

    def __str__(self) -> str:
        return str(self.id)
