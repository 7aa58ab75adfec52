"""The same person twice: said by who works for both, undone by who works for one; never by itself.

Two persons stay two in every table, so that nobody reads anything more by it (casework, M1).
Only the resident whose person stays sees as a resident what the other one asked.
"""

from datetime import datetime

from django.db import transaction
from django.urls import reverse

from omzien.messages.models import Message
from omzien.messages.rights import named
from omzien.people.actions.same import join_persons, part_persons
from omzien.people.models import Person, SamePerson
from omzien.people.rules.roles import Actor
from omzien.questions.actions.telling import say
from omzien.questions.models import Question
from omzien.questions.refusals import NotAllowed

PREFIX = "same-person"
PARTED = "two-persons"


@transaction.atomic
def say_same(
    *, person: Person, other: Person, how: SamePerson.How, by: Actor, now: datetime
) -> SamePerson:
    """Say that `other` is the same person as `person`; undone within thirty days.

    Raises NotAllowed, and what `join_persons` of people does.
    """
    row = join_persons(person=person, other=other, how=how, by=by, now=now)
    if not (_works_for(person, by) and _works_for(other, by)):
        raise NotAllowed
    _tell(row, PREFIX)
    return row


@transaction.atomic
def say_not_same(*, link: SamePerson, by: Actor, now: datetime) -> SamePerson:
    """Say that they are two after all. Raises NotAllowed, and what `part_persons` does."""
    if not (_works_for(link.person, by) or _works_for(link.other, by)):
        raise NotAllowed
    row = part_persons(link=link, by=by, now=now)
    _tell(row, PARTED)
    return row


def may_still_go(message: Message) -> bool:
    """Tell whether the link that a waiting mail is about still stands."""
    row = named(SamePerson, message)
    return row is not None and SamePerson.objects.live().filter(pk=row.pk).exists()


def _works_for(person: Person, by: Actor) -> bool:
    """Tell whether somebody works on a question of a person, at this moment."""
    work = Question.objects.visible_to(by, verb="question.work")
    return by.membership is not None and work.filter(person=person).exists()


def _tell(row: SamePerson, what: str) -> None:
    """Mail the resident who stays: that something changed, and how to object; never what."""
    path = reverse("my-questions")
    say(row.municipality_id, what, row.pk, [row.person.email], path=path)
