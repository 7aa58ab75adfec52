"""Log lines whose five years are over go, from the front of the chain.

The database lets nothing else go (migration 0008): a line that is younger, or one from the
middle. `omzien log check` then begins at the first line that is left.
"""

from collections.abc import Iterator
from datetime import date

from django.db import connection, transaction
from django.db.models import Min
from django.utils import timezone

from omzien.people.logs.models import AccessLine, ProcessingLine
from omzien.people.privacy.registry import Candidate, Term
from omzien.people.rules.retention import is_due

KIND = "log-line"
MOMENTS = {"access": (AccessLine, "at"), "processing": (ProcessingLine, "start_time")}


def _due(on: date) -> Iterator[Candidate]:
    """Yield each log of the municipality at hand whose oldest line is over."""
    for log, (model, moment) in MOMENTS.items():
        oldest = model._default_manager.aggregate(at=Min(moment))["at"]
        if oldest and is_due(KIND, timezone.localdate(oldest), on=on):
            yield Candidate(log, timezone.localdate(oldest))


def destroy_old(log: str) -> int:
    """Remove the lines of a log up to the first one that must stay; return how many went."""
    model, moment = MOMENTS[log]
    table = model._meta.db_table
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('omzien.destroying', 'on', true)")
        cursor.execute(
            f"DELETE FROM {table} WHERE number < coalesce("  # noqa: S608  # nosec B608 # names of our own
            f"(SELECT min(number) FROM {table} WHERE NOT log_is_over({moment})),"
            " 9223372036854775807)"
        )
        gone = int(cursor.rowcount)
        cursor.execute("SELECT set_config('omzien.destroying', '', true)")
    return gone


TERM = Term(KIND, _due, destroy_old, lambda: ())
