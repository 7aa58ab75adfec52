"""Counting questions: per area, topic and month, never their text."""

from datetime import date

from omzien.areas.models import Municipality
from omzien.directory.models import QuestionCount
from omzien.journal.rows import prepared


def count_question(
    *, municipality: Municipality, area: str, topic: str, found: QuestionCount.Kind, on: date
) -> None:
    """Count a question, and once more as one that found little or nothing where `found` says so.

    One upsert, no fact about a person. Call it last: questions about the same wait for each
    other from here to the end of their transactions.
    """
    kinds = ",".join(sorted({QuestionCount.Kind.ASKED, found}))  # one order: no deadlock
    with prepared() as cursor:
        cursor.execute(
            "INSERT INTO directory_questioncount (municipality_id, month, area, topic, kind, count)"
            " SELECT %s, %s, %s, %s, kind, 1 FROM unnest(string_to_array(%s, ',')) AS kind"
            " ON CONFLICT (municipality_id, month, area, topic, kind)"
            " DO UPDATE SET count = directory_questioncount.count + 1",
            [municipality.code, on.replace(day=1), area, topic, kinds],
        )
