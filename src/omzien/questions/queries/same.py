"""Whether somebody is known already: suggested and never decided by a number or an address."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import F, Func, Q, QuerySet, Value
from django.db.models.functions import Right

from omzien.kernel.text import sort_key
from omzien.people.models import Person, SamePerson
from omzien.people.rules.roles import Actor
from omzien.people.rules.same import may_be_one
from omzien.questions.models import Question
from omzien.questions.rules.references import as_reference

TELLING = 9  # the last digits of a Dutch number: with +31 before them it is the same number
MOST = 5


@dataclass(frozen=True)
class Alike:
    """What may belong together with a question: what was joined with it, and what might be.

    `links` are the links of its resident; `joined` and `maybe` are only what the reader works on.
    """

    links: list[SamePerson] = field(default_factory=list)
    joined: list[Question] = field(default_factory=list)
    maybe: list[Question] = field(default_factory=list)


def same_people(actor: Actor, *, phone: str, email: str) -> list[Question]:
    """Return the newest question of each person with exactly this number or address.

    Only among the questions of which the actor sees the contact data anyway. Two people may
    share a number, so that whoever asks decides.
    """
    rows = _telling(Question.objects.visible_to(actor, verb="contact.read"))
    known = rows.filter(_reached_by(phone, email)).select_related("person")
    return list(_one_each(known.order_by("-asked_at", "pk")[: MOST * 4]))[:MOST]


def alike(question: Question, actor: Actor) -> Alike:
    """Return the live questions that `actor` works on of the same person, or of who may be.

    Two queries: the links of the resident, and the questions. May be the same: a person with the
    same name and the same number or address, whom no account of their own keeps apart.
    """
    person = question.person
    if person is None:
        return Alike()
    links = list(SamePerson.objects.around(person.pk))
    others = {key for one in links for key in (one.person_id, one.other_id)} - {person.pk}
    rows = Question.objects.visible_to(actor, verb="question.work").live()
    rows = rows.exclude(person=person).select_related("person", "village")
    wanted = Q(person__in=others) | _reached_by(person.phone, person.email)
    found = list(_telling(rows).filter(wanted).order_by("-asked_at", "pk")[: MOST * 4])
    maybe = (one for one in found if one.person_id not in others and _may_be(one, question))
    return Alike(
        links,
        [one for one in found if one.person_id in others],
        list(_one_each(maybe))[:MOST],
    )


def by_reference(typed: str, actor: Actor) -> Question | None:
    """Return the question with a reference that `actor` works on; None for every other one."""
    rows = Question.objects.visible_to(actor, verb="question.work").filter(person__isnull=False)
    return rows.filter(reference=as_reference(typed)).select_related("person").first()


def _may_be(one: Question, question: Question) -> bool:
    assert one.person is not None and question.person is not None
    is_name = sort_key(one.person.name) == sort_key(question.person.name)
    return is_name and may_be_one(one.person.account_id, question.person.account_id)


def _one_each(rows: Iterable[Question]) -> Iterable[Question]:
    """Yield the first question of each person."""
    seen: set[UUID | None] = set()
    for one in rows:
        if one.person_id not in seen:
            seen.add(one.person_id)
            yield one


def _telling(rows: QuerySet[Question]) -> QuerySet[Question]:
    typed = Func(
        F("person__phone"), Value("[^0-9]"), Value(""), Value("g"), function="regexp_replace"
    )
    return rows.annotate(telling=Right(typed, TELLING))


def is_reached_by(person: Person, phone: str, email: str) -> bool:
    """Tell whether this number or address is the person's."""
    digits, own = (
        "".join(one for one in number if one.isdigit())[-TELLING:]
        for number in (phone, person.phone)
    )
    address = email.strip().casefold()
    return (len(digits) == TELLING and digits == own) or (address != "" and address == person.email)


def _reached_by(phone: str, email: str) -> Q:
    """Return the condition for the same number or address; nobody where there is neither."""
    digits = "".join(one for one in phone if one.isdigit())[-TELLING:]
    known = Q(pk__in=[])
    if len(digits) == TELLING:
        known |= Q(telling=digits)
    if address := email.strip().casefold():
        known |= Q(person__email=address)
    return known
