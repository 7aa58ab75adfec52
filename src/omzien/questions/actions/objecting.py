"""The resident does not agree: somebody other than who holds the question answers, in time."""

from datetime import datetime
from uuid import UUID

from django.apps import apps
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from omzien.areas.models import Municipality
from omzien.kernel.text import clean
from omzien.people.actions.memberships import held_live
from omzien.people.actions.teams import the_default_team
from omzien.people.queries.mandates import decides_for
from omzien.people.rules.roles import SYSTEM, Actor
from omzien.questions.actions.reminding import remind_each
from omzien.questions.actions.telling import coordinators, mailboxes, say
from omzien.questions.actions.writing import locked, note
from omzien.questions.models import Objection, Question
from omzien.questions.models.questions import TAKEN_HANDOVER
from omzien.questions.queries.objections import handler_of
from omzien.questions.refusals import NeedsStory, NotAllowed, TooLong, WrongState
from omzien.questions.terms import terms_of

LONGEST = 5000


@transaction.atomic
def object_to(*, question: Question, why: str, key: UUID, by: Actor, now: datetime) -> Objection:
    """Say "I do not agree": the resident, or who acts for them. The same `key` again is once.

    Raises NotAllowed, NeedsStory, TooLong.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"object:{key}"])
    row = locked(question)
    decides = decides_for(by, row.person_id, verb="objection.make")
    if not decides or not Question.objects.visible_to(by).filter(pk=row.pk).exists():
        raise NotAllowed
    if before := Objection.objects.filter(municipality=row.municipality_id, key=key).first():
        if before.question_id != row.pk:
            raise NotAllowed
        return before
    text = clean(why)
    if not text:
        raise NeedsStory
    if len(text) > LONGEST:
        raise TooLong(LONGEST)
    return put(question=row, why=text, key=key, by=by, now=now, first=_came_unseen_from(row))


def _came_unseen_from(question: Question) -> UUID | None:
    """Return the team that handed a question over to its owner in a talk without the resident:
    an objection is likely to be about that, and who says that there was no talk is answered there.

    Handovers live in a room above this one, so the model is asked for by its name.
    """
    taken = apps.get_model("handovers", "Handover")._default_manager.filter(
        question=question, to_team=question.team_id, state__in=TAKEN_HANDOVER
    )
    last = taken.order_by("-ended_at").values("from_team", "resident_was_there").first()
    return last["from_team"] if last and not last["resident_was_there"] else None


def put(
    *, question: Question, why: str, key: UUID, by: Actor, now: datetime, first: UUID | None = None
) -> Objection:
    """Let somebody answer a locked question's resident; `first` is the team that is asked first."""
    row, today = question, timezone.localdate(now)
    terms = terms_of(row.municipality_id)
    team, handler = handler_of(row, on=today, first=first)
    if not held_live(team.pk):  # it ended in this moment
        team, handler = the_default_team(row.municipality), None
    objection = Objection.objects.create(
        municipality_id=row.municipality_id,
        question=row,
        key=key,
        why=why,
        made_at=now,
        team=team,
        handler=handler,
        due_on=terms.after(today, terms.objection),
    )
    recipients = [handler.person.email] if handler else mailboxes(team)
    say(row.municipality_id, "objection", objection.pk, recipients,
        path=reverse("objection", args=[objection.pk]))  # fmt: skip
    note(row, "object", by, objection=str(objection.pk))
    return objection


@transaction.atomic
def answer_objection(*, objection: Objection, answer: str, by: Actor, now: datetime) -> Objection:
    """Answer the resident. Raises NotAllowed, NeedsStory, TooLong, WrongState when answered."""
    question = locked(objection.question_id)
    visible = Objection.objects.visible_to(by).filter(pk=objection.pk)
    if by.membership is None or not visible.exists():
        raise NotAllowed
    row = Objection.objects.select_for_update(of=("self",)).get(pk=objection.pk)
    if row.answered_at is not None:
        raise WrongState
    text = clean(answer)
    if not text:
        raise NeedsStory
    if len(text) > LONGEST:
        raise TooLong(LONGEST)
    row.answer, row.answered_at, row.answered_by = text, now, by.key
    row.save(update_fields=["answer", "answered_at", "answered_by"])
    note(question, "answer-objection", by, objection=str(row.pk))
    if question.person and question.person.email:
        say(row.municipality_id, "objection-answered", row.pk, [question.person.email],
            path=reverse("object", args=[question.pk]))  # fmt: skip
    return row


def run_objections(municipality: Municipality, now: datetime) -> int:
    """Tell the desk and the coordinators, once, of each objection that is late."""
    today = timezone.localdate(now)
    return remind_each(municipality, lambda: Objection.objects.late(on=today), _remind, now=now)


def _remind(row: Objection) -> None:
    desk = the_default_team(row.municipality)
    recipients = [*coordinators(row.team), *mailboxes(desk)]
    path = reverse("objection", args=[row.pk])
    say(row.municipality, "objection-late", row.pk, recipients, path=path)
    note(row.question, "remind-objection", SYSTEM)
