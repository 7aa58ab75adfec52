"""The one decision that somebody does not agree with, in the words of the page where it stands."""

from collections.abc import Callable, Mapping
from uuid import UUID

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from omzien.handovers.models import Handover
from omzien.handovers.rules.states import State
from omzien.people.models import Ground
from omzien.people.rules.roles import Actor
from omzien.questions.models import Attempt, Goal, Question
from omzien.questions.rules.states import BY_RESIDENT, ENDED
from omzien.web.filters import RUNGS
from omzien.web.mine import words
from omzien.web.plan_words import RESULTS


def decision_of(over: str, question: Question, actor: Actor) -> str:
    """Return what `over` ("aanbod-<key>") is about; "" for what the reader does not see there."""
    kind, _dash, text = over.partition("-")
    if over == "afgerond":
        return _closed(question)
    try:
        told, key = KINDS[kind], UUID(text)
    except (KeyError, ValueError):
        return ""
    return told(question, actor, key)


def _closed(question: Question) -> str:
    if question.state not in ENDED - BY_RESIDENT or question.ended_at is None:
        return ""
    day = date_format(question.ended_at, "j F Y")
    return _("De vraag is afgerond op %(day)s.") % {"day": day}


def _offer(question: Question, actor: Actor, key: UUID) -> str:
    rows = Handover.objects.visible_to(actor).filter(question=question, pk=key)
    one = rows.select_related("to_team").first()
    if one is None:
        return ""
    told = {
        "day": date_format(one.offered_at, "j F Y"),
        "team": one.to_team.name,
        "outcome": words.OFFERED[State(one.state)],
    }
    return _("Op %(day)s is de vraag aangeboden aan %(team)s: %(outcome)s.") % told


def _try(question: Question, actor: Actor, key: UUID) -> str:
    one = Attempt.objects.visible_to(actor).filter(question=question, pk=key).first()
    if one is None:
        return ""
    if one.result == Attempt.Result.SKIPPED:
        told = {"rung": RUNGS[one.rung], "why": one.reason}
        return _("Overgeslagen: %(rung)s. Reden: %(why)s") % told
    told = {"what": one.offer, "result": RESULTS[Attempt.Result(one.result)]}
    return _("Geprobeerd: %(what)s. Uitkomst: %(result)s.") % told


def _goal(question: Question, actor: Actor, key: UUID) -> str:
    rows = Goal.objects.visible_to(actor).filter(question=question, pk=key, together=True)
    one = rows.first()
    if one is None:
        return ""
    return _("In het plan staat als samen opgeschreven: %(what)s") % {"what": one.words}


def _sharing(question: Question, actor: Actor, key: UUID) -> str:
    rows: QuerySet[Ground] = Ground.objects.visible_to(actor)
    one = rows.filter(person=question.person_id, pk=key).first()
    if one is None:
        return ""
    told = {
        "who": ", ".join(one.receivers),
        "what": ", ".join(str(words.CATEGORIES[each]) for each in one.categories),
        "why": words.GROUNDS[one.kind],
    }
    return _("Delen met %(who)s: %(what)s. Waarom: %(why)s.") % told


KINDS: Mapping[str, Callable[[Question, Actor, UUID], str]] = {
    "aanbod": _offer,
    "poging": _try,
    "doel": _goal,
    "delen": _sharing,
}
