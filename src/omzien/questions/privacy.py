"""What worries and early signals hold of a person, and how long.

Questions themselves stand in `handovers/privacy.py`. Who reported a worry is a source of its
own: the person reported on gets to see the worry, and never who reported it.
"""

from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from omzien.people.privacy.own import by_start
from omzien.people.privacy.registry import Rows, Source, Subject, by_phone
from omzien.questions.models import EarlySignal, Reporter, Signal


def _about(subject: Subject) -> Rows:
    """Return the worries that led to contact: of the others nobody knows for sure who it is. One
    that was not told, because of a danger, is none of it yet.
    """
    return Signal.objects.filter(question__person=subject.person, told_at__isnull=False)


def _reported(subject: Subject) -> Rows:
    by_mail = Reporter.objects.filter(email__in=subject.addresses)
    return [*by_mail, *by_phone(Reporter.objects.exclude(pk__in=by_mail), subject)]


def _early(subject: Subject) -> Rows:
    of_question = EarlySignal.objects.filter(question__person=subject.person)
    return [*of_question, *_early_by_phone(subject)]


def _early_by_phone(subject: Subject) -> list[Any]:
    return by_phone(EarlySignal.objects.filter(question=None), subject)


def _erase_reported(subject: Subject) -> int:
    return _delete(_reported(subject))


def _erase_early(subject: Subject) -> int:
    return _delete(_early_by_phone(subject))


def _delete(rows: Rows) -> int:
    return len([one.delete() for one in rows])


def _no_contact() -> QuerySet[Signal]:
    """Return the worries that led to no contact; of an open one its last step counts, so that what
    nobody ends is not kept for ever.
    """
    last = Coalesce("ended_at", "told_at", "picked_up_at", "received_at")
    return Signal.objects.filter(question=None).annotate(over_at=last)


def _early_signals() -> QuerySet[EarlySignal]:
    """Return the early signals; of an open one its last step counts, as of a worry."""
    return EarlySignal.objects.annotate(over_at=Coalesce("ended_at", "offered_at", "received_at"))


def _left_to_the_question(subject: Subject) -> int:
    return 0


SOURCES = (
    Source("reporter", _("Zorgen om een ander die je meldde"), _reported, _erase_reported,
           ("questions.Reporter",)),
    Source("signal", _("Zorgen om jou"), _about, _left_to_the_question, ("questions.Signal",)),
    Source("early-signal", _("Wat partners meldden over betalen"), _early, _erase_early,
           ("questions.EarlySignal",)),
)  # fmt: skip
TERMS = (
    by_start("signal", _no_contact, "over_at"),
    by_start("early-signal", _early_signals, "over_at"),
)  # fmt: skip
