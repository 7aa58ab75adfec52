"""Whether somebody is known already: suggested and never decided by a number or an address."""

from django.db.models import F, Func, Q, Value

from omzien.people.rules.roles import Actor
from omzien.questions.models import Question

FEWEST_DIGITS = 8
MOST = 5


def same_people(actor: Actor, *, phone: str, email: str) -> list[Question]:
    """Return the newest question of each person with exactly this number or address.

    Only among the questions of which the actor sees the contact data anyway. Two people may
    share a number, so that whoever asks decides.
    """
    digits = _digits(phone)
    known = Q(pk__in=[])
    if len(digits) >= FEWEST_DIGITS:
        known |= Q(person_digits=digits)
    if address := email.strip().casefold():
        known |= Q(person__email=address)
    rows = Question.objects.visible_to(actor, verb="contact.read").annotate(
        person_digits=Func(
            F("person__phone"), Value("[^0-9]"), Value(""), Value("g"), function="regexp_replace"
        )
    )
    found: dict[object, Question] = {}
    for one in rows.filter(known).select_related("person").order_by("-asked_at")[: MOST * 4]:
        found.setdefault(one.person_id, one)
    return list(found.values())[:MOST]


def _digits(phone: str) -> str:
    """Return the digits of a number; with +31 it is the same one as with 0."""
    digits = "".join(one for one in phone if one.isdigit())
    return digits
