"""What worries and early signals hold of a person, and how long.

Questions themselves stand in `handovers/privacy.py`. Who reported a worry is a source of its
own: the person reported on gets to see the worry, and never who reported it.
"""

from django.utils.translation import gettext_lazy as _

from omzien.people.privacy.own import by_start
from omzien.people.privacy.registry import Rows, Source, Subject
from omzien.questions.models import EarlySignal, Reporter, Signal


def _about(subject: Subject) -> Rows:
    """Return the worries that led to contact: of the others nobody knows for sure who it is."""
    return Signal.objects.filter(question__person=subject.person)


def _reported(subject: Subject) -> Rows:
    if not subject.addresses:
        return Reporter.objects.none()
    return Reporter.objects.filter(email__in=subject.addresses)


def _early(subject: Subject) -> Rows:
    return EarlySignal.objects.filter(question__person=subject.person)


def _erase_reported(subject: Subject) -> int:
    return int(_reported(subject).delete()[0])  # type: ignore[attr-defined]  # a queryset


def _left_to_the_question(subject: Subject) -> int:
    return 0


SOURCES = (
    Source("reporter", _("Zorgen om een ander die je meldde"), _reported, _erase_reported,
           ("questions.Reporter",)),
    Source("signal", _("Zorgen om jou"), _about, _left_to_the_question, ("questions.Signal",)),
    Source("early-signal", _("Wat partners meldden over betalen"), _early, _left_to_the_question,
           ("questions.EarlySignal",)),
)  # fmt: skip
TERMS = (
    by_start("signal", lambda: Signal.objects.filter(ended_at__isnull=False, question=None),
             "ended_at"),
    by_start("early-signal", lambda: EarlySignal.objects.filter(ended_at__isnull=False),
             "ended_at"),
)  # fmt: skip
