"""What questions and their handovers hold of a person, and how long.

One table for both apps: a question is forgotten with its handovers, and this is the higher one.
"""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from omzien.handovers.models import (
    Consult,
    Handover,
    HandoverLink,
    Involvement,
    Meeting,
    OfferDraft,
    Referral,
)
from omzien.people.privacy.own import by_start
from omzien.people.privacy.registry import Rows, Source, Subject, rows_of
from omzien.questions.actions.forgetting import anonymise
from omzien.questions.models import Attempt, Question, Task
from omzien.questions.rules.states import LIVE, State


def _questions(subject: Subject) -> Rows:
    mine = Q(person=subject.person) | Q(asked_by=subject.person)
    return Question.objects.filter(mine)


def _of_questions(subject: Subject) -> Rows:
    mine = {"question__person": subject.person}
    return rows_of(
        (
            Handover.objects.filter(**mine).select_related("from_team", "to_team"),
            Task.objects.filter(**mine),
            Attempt.objects.filter(**mine),
            Referral.objects.filter(**mine),
            Consult.objects.filter(**mine).select_related("from_team", "to_team"),
            Involvement.objects.filter(**mine).select_related("team"),
            OfferDraft.objects.filter(**mine).select_related("to_team"),
            Meeting.objects.filter(handover__question__person=subject.person),
            HandoverLink.objects.filter(handover__question__person=subject.person),
        )
    )


def _live(subject: Subject) -> str:
    live = Question.objects.live().filter(person=subject.person)
    found = ", ".join(live.values_list("reference", flat=True))
    return str(_("Er loopt nog een vraag: %(found)s.") % {"found": found}) if found else ""


def _erase(subject: Subject) -> int:
    rows = list(Question.objects.filter(person=subject.person))
    for row in rows:
        forget(str(row.pk))
    Question.objects.filter(asked_by=subject.person).update(asked_by=None)
    return len(rows)


def forget(key: str) -> int:
    """Forget what one ended question and its handovers were about; return how many those were."""
    row = Question.objects.exclude(state__in=[*LIVE, State.ANONYMISED]).filter(pk=key).first()
    if row is None:
        return 0
    Handover.objects.filter(question=row).update(
        asked="", tried="", best_moment="", capacity_reason="-", reason="", suggestion="-",
        contact_name="", dispute="",
    )  # fmt: skip
    HandoverLink.objects.filter(handover__question=row).delete()
    OfferDraft.objects.filter(question=row).delete()
    Meeting.objects.filter(handover__question=row).update(place="-")
    Referral.objects.filter(question=row).update(name="-", what="-", reason="", service=None)
    Consult.objects.filter(question=row).update(text="-", answer="")
    Involvement.objects.filter(question=row).update(part="-", reason="")
    anonymise(question=row)
    return 1


SOURCES = (
    Source("question", _("Je vragen"), _questions, _erase, ("questions.Question",),
           for_proxy=True, blocks=_live),
    Source("handover", _("Wat er met je vragen gebeurde"), _of_questions, lambda s: 0,
           ("handovers.Handover", "questions.Task", "questions.Attempt", "handovers.Referral",
            "handovers.Consult", "handovers.Involvement", "handovers.OfferDraft",
            "handovers.Meeting", "handovers.HandoverLink"), for_proxy=True),
)  # fmt: skip
SHORT = (State.WITHDRAWN, State.UNREACHED)
TERMS = (
    by_start("question", lambda: Question.objects.filter(state__in=[State.CLOSED, State.OWN_WAY]),
             "ended_at", person="person", destroy=forget),
    by_start("question-short", lambda: Question.objects.filter(state__in=SHORT), "ended_at",
             person="person", destroy=forget),
)  # fmt: skip
