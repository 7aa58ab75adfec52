"""What waits for a resident, or for who speaks for them, at the questions that they follow."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext_lazy

from omzien.handovers.models import Handover, Meeting, OfferDraft
from omzien.people.models import Ground
from omzien.people.queries.mandates import decides
from omzien.people.rules.grounds import LET_ALONG
from omzien.people.rules.roles import Actor
from omzien.questions.actions.aftercare import token_for
from omzien.questions.models import (
    AftercareAnswer,
    Discussion,
    Objection,
    PlanAction,
    Post,
    Question,
)
from omzien.questions.models.aftercare import TOLD_FOR
from omzien.questions.rules.plans import ActionState, Who
from omzien.questions.rules.states import LIVE

TEXTS = {
    "aftercare": ngettext_lazy(
        "Is het opgelost? Er wacht %(n)d vraag over hoe het nu gaat.",
        "Is het opgelost? Er wachten %(n)d vragen over hoe het nu gaat.",
        "n",
    ),
    "consent": ngettext_lazy(
        "Mag het team delen? Er wacht %(n)d vraag op je ja of nee.",
        "Mag het team delen? Er wachten %(n)d vragen op je ja of nee.",
        "n",
    ),
    "posts": ngettext_lazy("%(n)d nieuw bericht.", "%(n)d nieuwe berichten.", "n"),
    "posts-for": ngettext_lazy(
        "Wie jij helpt, las %(n)d bericht nog niet.",
        "Wie jij helpt, las %(n)d berichten nog niet.",
        "n",
    ),
    "discussion-for": ngettext_lazy(
        "Wie jij helpt, is uitgenodigd voor %(n)d overleg.",
        "Wie jij helpt, is uitgenodigd voor %(n)d keer overleg.",
        "n",
    ),
    "meeting-for": ngettext_lazy(
        "Er staat %(n)d kennismaking gepland met wie jij helpt.",
        "Er staan %(n)d kennismakingen gepland met wie jij helpt.",
        "n",
    ),
    "action-for": ngettext_lazy(
        "%(n)d actie in het plan is voor wie jij helpt.",
        "%(n)d acties in het plan zijn voor wie jij helpt.",
        "n",
    ),
    "discussion": ngettext_lazy(
        "Je bent uitgenodigd voor %(n)d overleg.",
        "Je bent uitgenodigd voor %(n)d keer overleg.",
        "n",
    ),
    "objection": ngettext_lazy(
        "Er is antwoord op %(n)d bezwaar.", "Er is antwoord op %(n)d bezwaren.", "n"
    ),
    "objected": ngettext_lazy(
        "Op %(n)d bezwaar komt nog antwoord.", "Op %(n)d bezwaren komt nog antwoord.", "n"
    ),
    "unseen": ngettext_lazy(
        "Een ander team heeft je vraag nu. Je was niet bij het gesprek daarover.",
        "Andere teams hebben je vraag nu. Je was niet bij de gesprekken daarover.",
        "n",
    ),
    "unseen-for": ngettext_lazy(
        "Een ander team heeft de vraag nu. Wie jij helpt, was niet bij het gesprek daarover.",
        "Andere teams hebben de vraag nu. Wie jij helpt, was niet bij de gesprekken daarover.",
        "n",
    ),
    "meeting": ngettext_lazy(
        "Er staat %(n)d kennismaking met je gepland.",
        "Er staan %(n)d kennismakingen met je gepland.",
        "n",
    ),
    "action": ngettext_lazy(
        "%(n)d actie in het plan is voor jou.", "%(n)d acties in het plan zijn voor jou.", "n"
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Waits:
    """Something that waits at one question: in words, and where it is answered."""

    question: UUID
    text: str
    link: str
    reference: str


def what_waits(actor: Actor, *, on: date) -> list[Waits]:
    """Return what waits for who follows questions, that of the newest question first.

    No word of what it is about: only that it is there, and how many.
    """
    rows = Question.objects.visible_to(actor).order_by("-asked_at", "pk")
    asked = list(rows.values_list("pk", "person", "reference"))
    if not asked:
        return []
    questions = {key: person for key, person, _reference in asked}
    numbers = {key: reference for key, _person, reference in asked}
    order = list(questions)
    found = sorted(_found(actor, questions, on), key=lambda one: order.index(one[1]))
    return [
        Waits(question, str(_text(kind, actor) % {"n": count}), link, numbers[question])
        for kind, question, count, link in found
    ]


def _text(kind: str, actor: Actor) -> Any:
    """Return the words for what waits: to the resident, or of them to who speaks for them."""
    of_them = TEXTS.get(f"{kind}-for") if actor.represents else None
    return of_them or TEXTS[kind]


def _found(
    actor: Actor, questions: Mapping[UUID, UUID | None], on: date
) -> Iterator[tuple[str, UUID, int, str]]:
    """Yield what kind of thing waits, at which question, how many, and where."""
    if actor.represents is None:
        for answer in AftercareAnswer.objects.of_resident(actor, at=timezone.now()):
            link = reverse("aftercare", args=[token_for(answer)])
            yield "aftercare", answer.question_id, 1, link
    for question, count in _consents(actor, questions, on).items():
        yield "consent", question, count, reverse("my-sharing", args=[question])
    for kind, rows, way, page, place in _counted(actor):
        for question, count in _per_question(rows, way, questions):
            yield kind, question, count, reverse(page, args=[question]) + place


def _counted(actor: Actor) -> Iterator[tuple[str, Any, str, str, str]]:
    """Yield of each kind its rows, their way to the question, and where it is answered: the name
    of the page and the place on it.
    """
    now = timezone.now()
    posts = Post.objects.visible_to(actor).unseen().filter(side=Post.Side.WORKER)
    yield "posts", posts, "question", "my-question", "#berichten"
    coming = Discussion.objects.visible_to(actor).coming(at=now).filter(resident_invited=True)
    yield "discussion", coming, "question", "my-question", "#overleg"
    objections = Objection.objects.visible_to(actor)
    yield "objection", objections.just_answered(at=now), "question", "object", ""
    yield "objected", objections.open(), "question", "object", ""
    yield "unseen", _unseen(actor), "question", "my-question", ""
    meetings = Meeting.objects.visible_to(actor).planned().filter(starts_at__gte=now)
    yield "meeting", meetings, "handover__question", "my-question", "#overleg"
    mine = PlanAction.objects.visible_to(actor).filter(who=Who.RESIDENT, state=ActionState.OPEN)
    yield "action", mine, "goal__question", "my-plan", ""


def _unseen(actor: Actor) -> Any:
    """Return by which handovers another team has a question, after a talk without the resident:
    for two weeks, or until they say that they do not agree.
    """
    since = timezone.now() - TOLD_FOR
    later = Objection.objects.visible_to(actor).filter(
        question=OuterRef("question"), made_at__gte=OuterRef("ended_at")
    )
    taken = Handover.objects.visible_to(actor).taken().exclude(Exists(later))
    return taken.filter(
        resident_was_there=False, question__team=F("to_team"), question__state__in=LIVE,
        ended_at__gt=since,
    )  # fmt: skip


def _per_question(rows: Any, name: str, questions: Any) -> list[tuple[UUID, int]]:
    """Return how many there are at each of the questions."""
    found = rows.filter(**{f"{name}__in": questions}).order_by().values(name)
    return [(one[name], one["n"]) for one in found.annotate(n=Count("pk"))]


def _consents(actor: Actor, questions: Mapping[UUID, UUID | None], on: date) -> dict[UUID, int]:
    """Return at which questions a yes or a no is asked: a ground is about a person, and stands at
    the question for which the team asks, or else at the newest.
    """
    whose = actor.represents or actor.person
    if not decides(actor, on=on):
        return {}
    asked = Ground.objects.visible_to(actor).asked(on=on)
    count = asked.filter(person=whose, purpose__in=LET_ALONG).count()
    if not count:
        return {}
    own = [key for key, person in questions.items() if person == whose]
    drafts = OfferDraft.objects.visible_to(actor).filter(question__in=own)
    place = drafts.values_list("question", flat=True).order_by("-made_at").first()
    return {place or own[0]: count} if own else {}
