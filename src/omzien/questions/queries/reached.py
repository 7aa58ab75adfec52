"""Who asked a question for another, and whether the other is reached by mail themselves."""

from datetime import date

from django.utils import timezone

from omzien.people.models import Mandate, Person
from omzien.people.queries.mailboxes import reads_mail
from omzien.people.queries.mandates import receivers, stands_still, told_only
from omzien.people.queries.same import one_person
from omzien.questions.models import Question
from omzien.questions.rules.states import Left, ReachBy


def asker_of(question: Question) -> Person | None:
    """Return who asked it for the resident; None where the resident asked it."""
    asked = question.asked_by_id is not None and question.asked_by_id != question.person_id
    return question.asked_by if asked else None


def stands_in_for(question: Question) -> Person | None:
    """Return who is reached for a resident that has no phone and no mail address, or not the one
    by which they are to be reached. Never who is in conflict with them (`is_in_conflict`).
    """
    return None if is_reached(question) or is_in_conflict(question) else asker_of(question)


def is_reached(question: Question) -> bool:
    """Tell whether the resident is reached as they want, or there is no resident any more."""
    person = question.person
    if person is None:
        return True
    ways = {ReachBy.PHONE: person.phone, ReachBy.MAIL: person.email}
    return bool(ways.get(ReachBy(question.reach_by), person.phone or person.email))


def is_in_conflict(question: Question) -> bool:
    """Tell whether who asked it for the resident had a mandate that was suspended."""
    asker = asker_of(question)
    today = timezone.localdate()
    return asker is not None and stands_still(question.person_id, asker.pk, on=today)


def residents_side(question: Question) -> set[str]:
    """Return the addresses of the resident and of who gets messages for them, as it is now."""
    if question.person is None:
        return set()
    own = {question.person.email.casefold()} - {""}
    return own | proxies_side(question)


def proxies_side(question: Question) -> set[str]:
    """Return the addresses of who gets messages of a question for its resident, as it is now."""
    today, money = timezone.localdate(), question.is_about_money
    return set(receivers(question.person_id, on=today, about_money=money))


def told_side(question: Question) -> set[str]:
    """Return which of those may not open it: a link there stays shut."""
    today, money = timezone.localdate(), question.is_about_money
    return told_only(question.person_id, on=today, about_money=money)


def sides(question: Question) -> tuple[set[str], set[str], set[str]]:
    """Return who hears of a question now: the resident, who gets mail for them and may look, and
    who may not look, so that a mail says only that there is something to tell.
    """
    person = question.person
    own = {person.email.casefold()} - {""} if person else set()
    told = told_side(question) - own
    return own, residents_side(question) - own - told, told


def is_mailed(question: Question) -> bool:
    """Tell whether a mail about a question reaches the resident, or who gets it for them."""
    person = question.person
    others = proxies_side(question) - ({person.email.casefold()} if person else set())
    return reads_mail(person) or bool(others)


def own_address(question: Question) -> set[str]:
    """Return the address of the resident; none of who died since this was asked."""
    person = question.person
    if person is None or not person.email:
        return set()
    died = Question.objects.filter(
        person__in=one_person(person.pk), left=Left.DIED, ended_at__gte=question.asked_at
    )
    return set() if died.exists() else {person.email.casefold()}


def hears_now(question: Question) -> set[str]:
    """Return `residents_side`, without the resident who died meanwhile: asked when mail goes."""
    if question.person is None:
        return set()
    return own_address(question) | proxies_side(question)


def can_answer_online(question: Question, *, on: date) -> bool:
    """Tell whether anybody can say yes or no online: the resident, or who acts for them."""
    if question.person and question.person.email:
        return True
    acting = Mandate.objects.live(on=on).filter(what__contains=[Mandate.What.ACT])
    return acting.filter(resident=question.person_id).exists()
