"""What a law gives a last day (rules/terms.py): a task on the list of the team, with that day."""

from collections.abc import Mapping
from datetime import date, datetime

from omzien.questions.actions.writing import put_task
from omzien.questions.models import Question, Task

BY_LAW = {
    "debt": "Eerste gesprek over de schulden. De wet vraagt het voor deze dag.",
    "wmo": "Rond het Wmo-onderzoek af, als dit een melding is. De wet vraagt het voor deze dag.",
}


def put_by_law(question: Question, days: Mapping[str, date], *, now: datetime) -> None:
    """Put what a law asks of a question on the list, where it was not put there before."""
    put = Task.objects.filter(question=question, what__in=[BY_LAW[one] for one in days])
    before = set(put.exclude(is_dropped=True).values_list("what", flat=True))
    for topic, last in days.items():
        if BY_LAW[topic] not in before:
            put_task(question, what=BY_LAW[topic], due=last, now=now, to_team=True)


def research_by(question: Question) -> date | None:
    """Return the last day of the research that goes on for a tailored provision; or None."""
    open_ = Task.objects.open().filter(question=question, what=BY_LAW["wmo"])
    return open_.values_list("due_on", flat=True).first()
