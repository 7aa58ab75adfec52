"""Counting questions that found little: per area, topic and month, never their text."""

from datetime import date

from django.db import connection

from omzien.areas.models import Municipality
from omzien.directory.models import QuestionCount


def count_question(
    *, municipality: Municipality, area: str, topic: str, is_empty: bool, on: date
) -> None:
    """Add one to the count of weak or empty questions; one upsert, no fact about a person."""
    kind = QuestionCount.Kind.NOTHING if is_empty else QuestionCount.Kind.WEAK
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO directory_questioncount (municipality_id, month, area, topic, kind, count)"
            " VALUES (%s, %s, %s, %s, %s, 1)"
            " ON CONFLICT (municipality_id, month, area, topic, kind)"
            " DO UPDATE SET count = directory_questioncount.count + 1",
            [municipality.code, on.replace(day=1), area, topic, kind],
        )
