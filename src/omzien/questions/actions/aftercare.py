"""Six weeks after closing: is it solved? No opens the question again, with the same team."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.core import signing
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone

from omzien.areas.models import Municipality
from omzien.journal.each import one_by_one
from omzien.journal.isolation import working_for
from omzien.messages.models import Message
from omzien.people.models import SamePerson, Team
from omzien.people.queries.mailboxes import reads_mail
from omzien.people.rules.roles import SYSTEM, Actor, Role
from omzien.questions.actions.asking import Asked, Contact, ask
from omzien.questions.actions.telling import coordinators, mailboxes, say
from omzien.questions.actions.working import open_again
from omzien.questions.actions.writing import locked, note
from omzien.questions.models import AftercareAnswer, Question
from omzien.questions.models.aftercare import WORKS_FOR
from omzien.questions.refusals import NotAllowed, WrongState
from omzien.questions.rules.states import Channel, Left, ReachBy, Solved, State
from omzien.questions.terms import terms_of

# A worker that stood still for longer asks nobody any more about what they forgot long ago.
NEVER_AFTER = timedelta(weeks=8)
NOT_AFTER = timedelta(weeks=1)  # is a coordinator told of a call that is late
_signer = signing.TimestampSigner(salt="aftercare")


class LinkBroken(Exception):
    """Not a link of ours, or what it asked about is gone."""


class LinkOver(Exception):
    """A link that works no more."""


def run_aftercare(municipality: Municipality, now: datetime) -> int:
    """Ask, once after each closing, whether it is solved; return how many were asked.

    Nobody is asked who died, and nobody twice: the answer that is waited for is the proof.
    """
    with working_for(municipality.code):
        keys = list(_due(municipality, now).values_list("pk", flat=True))
    count = one_by_one(
        municipality.code, "ask-aftercare", keys, lambda key: _ask(key, municipality, now)
    )
    with working_for(municipality.code):
        return count + _remind(municipality, timezone.localdate(now))


def _remind(municipality: Municipality, today: date) -> int:
    """Tell the coordinators once of each call that is late, in the first week; return how many."""
    rows = AftercareAnswer.objects.called().filter(
        municipality=municipality, call_by__lt=today, call_by__gte=today - NOT_AFTER
    )
    before = Message.objects.filter(key__startswith="aftercare-call:", key__endswith=":late")
    told = set(before.values_list("key", flat=True))
    late = [one for one in rows.select_related("question__team") if _late(one) not in told]
    for one in late:
        recipients = coordinators(_caller(one.question))
        say(municipality, "aftercare-call", _late(one).partition(":")[2], recipients,
            path=reverse("aftercare-calls"))  # fmt: skip
    return len(late)


def _late(answer: AftercareAnswer) -> str:
    return f"aftercare-call:{answer.pk}:late"


def _due(municipality: Municipality, now: datetime) -> QuerySet[Question]:
    weeks = terms_of(municipality.code).report_weeks
    rows = Question.objects.filter(
        municipality=municipality,
        state=State.CLOSED,
        left="",
        person__isnull=False,
        ended_at__lte=now - timedelta(weeks=weeks),
        ended_at__gt=now - timedelta(weeks=weeks) - NEVER_AFTER,
    )
    died = Question.objects.filter(municipality=municipality, left=Left.DIED)
    asked = AftercareAnswer.objects.filter(question=OuterRef("pk"), ended_at=OuterRef("ended_at"))
    gone = died.exclude(person=None).values("person")
    same = SamePerson.objects.joining(gone)
    rows = rows.exclude(person__in=gone).exclude(person__in=same.values("person"))
    rows = rows.exclude(person__in=same.values("other"))
    return rows.exclude(Exists(asked))


def _ask(key: UUID, municipality: Municipality, now: datetime) -> bool:
    question = Question.objects.select_for_update(of=("self",)).get(pk=key)
    if not _due(municipality, now).filter(pk=key).exists():
        return False
    assert question.ended_at is not None and question.person is not None
    terms, has_mail = terms_of(municipality.code), reads_mail(question.person)
    row, is_new = AftercareAnswer.objects.get_or_create(
        question=question,
        ended_at=question.ended_at,
        defaults={
            "municipality": municipality,
            "asked_at": now,
            "call_by": None if has_mail else terms.after(timezone.localdate(now), terms.call),
        },
    )
    if not is_new:
        return False
    if has_mail:
        path = reverse("aftercare", args=[token_for(row)])
        say(municipality, "aftercare-mail", row.pk, [question.person.email], path=path)
    else:
        path = reverse("aftercare-calls")
        say(municipality, "aftercare-call", row.pk, mailboxes(_caller(question)), path=path)
    note(question, "ask-aftercare", SYSTEM)
    return True


def _caller(question: Question) -> Team:
    if question.team.archived_at is None:
        return question.team
    return Team.objects.get(municipality=question.municipality_id, is_default=True)


def token_for(answer: AftercareAnswer) -> str:
    """Return the signed part of a link: a random key, for this purpose only."""
    return _signer.sign(answer.pk.hex)


def open_link(token: str) -> AftercareAnswer:
    """Return what a link asks about; looking changes nothing. Raises LinkBroken, LinkOver."""
    try:
        key = _signer.unsign(token)
    except signing.BadSignature:
        raise LinkBroken from None
    rows = AftercareAnswer.objects.select_related("question__team", "question__person")
    row = rows.filter(pk=key).first()
    if row is None or row.question.person_id is None:
        raise LinkBroken
    if row.question.left == Left.DIED or row.asked_at + WORKS_FOR <= timezone.now():
        raise LinkOver
    return row


@transaction.atomic
def answer_aftercare(
    *, answer: AftercareAnswer, solved: Solved, by: Actor, now: datetime
) -> AftercareAnswer:
    """Keep the answer; "no" opens the question again, or asks a new one when the team is gone.

    The link is who answers: `resident_of` says as whom. A worker answers for who was called.
    Answering again changes nothing. Raises NotAllowed, WrongState.
    """
    row = AftercareAnswer.objects.select_for_update(of=("self",)).get(pk=answer.pk)
    question = locked(row.question_id)
    row.question = question
    if row.answered_at is not None:
        return row
    called = AftercareAnswer.objects.to_call(by).filter(pk=row.pk).exists()
    own = by.membership is None and by.person is not None and by.person == question.person_id
    if not (called or own):
        raise NotAllowed
    if question.left == Left.DIED or question.ended_at != row.ended_at:
        raise WrongState  # opened again meanwhile, by another way
    row.answer, row.answered_at = solved, now
    note(question, "answer-aftercare", by, solved=str(solved))
    if solved == Solved.NO:
        row.reopened = _again(question, by, now)
        if row.reopened != question:
            say(row.municipality_id, "reopened", row.reopened.pk, mailboxes(row.reopened.team),
                path=reverse("today"))  # fmt: skip
    row.save()
    return row


def resident_of(answer: AftercareAnswer) -> Actor:
    """Return as whom a link acts: the resident to whom it was mailed."""
    return Actor(answer.municipality_id, Role.RESIDENT, person=answer.question.person_id)


def _again(question: Question, by: Actor, now: datetime) -> Question:
    if question.team.archived_at is None:
        return open_again(question, by=by, now=now)
    person = question.person
    assert person is not None
    asked = Asked(
        story=question.story,
        village=question.village,
        contact=Contact(name=person.name, email=person.email, phone=person.phone),
        reach_by=ReachBy(question.reach_by),
        channel=Channel(question.channel),
        topics=question.topics,
        best_moment=question.best_moment,
        language=question.language,
    )
    return ask(
        municipality=question.municipality,
        asked=asked,
        by=SYSTEM if by.membership else by,
        now=now,
        person=person,
        follows=question,
    )
