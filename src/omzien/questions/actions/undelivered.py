"""A mail to a resident that did not arrive: who has the question calls, or nobody would know."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import Lower
from django.utils import timezone

from omzien.areas.models import Municipality
from omzien.journal.each import one_by_one
from omzien.journal.isolation import working_for
from omzien.messages.queries import not_arriving
from omzien.people.rules.roles import SYSTEM
from omzien.questions.actions.writing import locked, note, put_task
from omzien.questions.models import Question, Task

CALL = "Mail naar de inwoner komt niet aan. Bel, en vraag het goede adres."
LATELY = timedelta(days=30)


def run_undelivered(municipality: Municipality, now: datetime) -> int:
    """Ask who has a question to call a resident whom mail does not reach; return how many.

    Once for each address; again when a later mail does not arrive either. Whatever the mail was
    about: who reads of it here learns only that this address does not work.
    """
    with working_for(municipality.code):
        failed = not_arriving(since=now - LATELY)
        keys = _unasked(municipality, failed) if failed else []

    def ask(key: UUID) -> bool:
        question = locked(key)
        if not question.is_live:
            return False
        put_task(question, Task.Kind.TOLD, what=CALL, due=timezone.localdate(now), now=now)
        note(question, "mail-not-arriving", SYSTEM)
        return True

    return one_by_one(municipality.code, "undelivered", keys, ask)


def _unasked(municipality: Municipality, failed: dict[str, datetime]) -> list[UUID]:
    """Return the live questions of these addresses whose team does not know of the last mail."""
    asked = Task.objects.filter(question=OuterRef("pk"), what=CALL).order_by("-made_at")
    rows = Question.objects.live().filter(municipality=municipality).annotate(
        address=Lower("person__email"),
        asked_at_last=Subquery(asked.values("made_at")[:1]),
        is_open=Exists(asked.filter(done_at=None)),
    )  # fmt: skip
    found = rows.filter(address__in=failed, is_open=False).order_by("pk")
    return [
        key
        for key, address, last in found.values_list("pk", "address", "asked_at_last")
        if last is None or last < failed[address]
    ]
