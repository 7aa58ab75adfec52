"""Writing facts: called by every action of every app, inside its transaction."""

from typing import Any

from omzien.journal.models import Fact
from omzien.journal.rows import insert


def record(
    *,
    verb: str,
    subject: str,
    subject_id: object,
    by: str,
    municipality: str | None,
    area: str = "",
    rung: str = "",
    **details: Any,
) -> None:
    """Write one fact. `by` is a random person key, "system" or "visitor", never a name."""
    fact = Fact(
        municipality=municipality,
        verb=verb,
        subject=subject,
        subject_id=str(subject_id),
        actor=by,
        area=area,
        rung=rung,
        details=details,
    )
    insert([fact])
