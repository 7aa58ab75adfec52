"""Whether somebody is known already: suggested and never decided by a number or an address."""

from django.db.models import F, Func, Q, Value
from django.db.models.functions import Right

from omzien.people.rules.roles import Actor
from omzien.questions.models import Question

TELLING = 9  # the last digits of a Dutch number: with +31 before them it is the same number
MOST = 5


def same_people(actor: Actor, *, phone: str, email: str) -> list[Question]:
    """Return the newest question of each person with exactly this number or address.

    Only among the questions of which the actor sees the contact data anyway. Two people may
    share a number, so that whoever asks decides.
    """
    digits = "".join(one for one in phone if one.isdigit())[-TELLING:]
    known = Q(pk__in=[])
    if len(digits) == TELLING:
        known |= Q(telling=digits)
    if address := email.strip().casefold():
        known |= Q(person__email=address)
    typed = Func(
        F("person__phone"), Value("[^0-9]"), Value(""), Value("g"), function="regexp_replace"
    )
    rows = Question.objects.visible_to(actor, verb="contact.read")
    rows = rows.annotate(telling=Right(typed, TELLING))
    found: dict[object, Question] = {}
    for one in rows.filter(known).select_related("person").order_by("-asked_at")[: MOST * 4]:
        found.setdefault(one.person_id, one)
    return list(found.values())[:MOST]
