"""What ended stands in the ledger too: a backup that is put back must not let it hold again.

A consent that was taken back, a mandate or role that ended, an account that was closed: of each
the ledger keeps a hash of its random key, from the moment that it ended. Who opened an account
again, or let a mandate hold again, does so once more after a restore: in doubt nothing holds.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from omzien.areas.models import Municipality
from omzien.journal.actions import record
from omzien.journal.isolation import working_for
from omzien.people.ledger_file import Entry, ended, write_lines
from omzien.people.models import Account, Ground, GroundEvent, Mandate, Membership
from omzien.people.rules.grounds import OVER, What


@dataclass(frozen=True)
class Ends:
    """One kind of thing that ends: those that did, those that hold, and how one ends now."""

    over: Callable[[str], QuerySet[Any]]
    holds: Callable[[str], QuerySet[Any]]
    end: Callable[[Any], object]


def _of_accounts(*, active: bool) -> Callable[[str], QuerySet[Account]]:
    # An account is of no municipality: each where somebody has it says so.
    return lambda code: Account.objects.filter(persons__municipality=code, is_active=active)


def _end_ground(ground: Ground) -> None:
    GroundEvent.objects.create(
        municipality_id=ground.municipality_id, ground=ground, number=ground.events.count() + 1,
        what=What.WITHDRAWN, by="system",
    )  # fmt: skip


def _set(**values: Any) -> Callable[[Any], object]:
    def end(row: Any) -> object:
        new = {name: timezone.now() if value is None else value for name, value in values.items()}
        return type(row).objects.filter(pk=row.pk).update(**new)

    return end


ENDS = {
    "ground": Ends(
        lambda code: Ground.objects.filter(municipality=code, events__what__in=OVER),
        lambda code: Ground.objects.filter(municipality=code).exclude(events__what__in=OVER),
        _end_ground,
    ),
    "mandate": Ends(
        lambda code: Mandate.objects.filter(municipality=code, revoked_at__isnull=False),
        lambda code: Mandate.objects.filter(municipality=code, revoked_at=None),
        _set(revoked_at=None),
    ),
    "suspended": Ends(
        lambda code: Mandate.objects.filter(municipality=code, suspended_at__isnull=False),
        lambda code: Mandate.objects.filter(municipality=code, suspended_at=None),
        _set(suspended_at=None),
    ),
    "role": Ends(
        lambda code: Membership.objects.filter(municipality=code, ended_at__isnull=False),
        lambda code: Membership.objects.filter(municipality=code, ended_at=None),
        _set(ended_at=None),
    ),
    "closed": Ends(_of_accounts(active=False), _of_accounts(active=True), _set(is_active=False)),
}


def write_ended() -> int:
    """Add to the file what ended and is not in it; the worker does so each day, for a process
    that was killed in between. Returns how many lines those were.
    """
    return write_lines(ended_lines())


def ended_lines() -> list[Entry]:
    """Return a line for each thing of ENDS that ended, in all municipalities."""
    lines: list[Entry] = []
    for code in _municipalities():
        with working_for(code):
            for kind, ends in ENDS.items():
                keys = ends.over(code).order_by().values_list("pk", flat=True).distinct()
                lines += [ended(kind, key, code) for key in keys]
    return lines


def end_again(lines: Iterable[Entry]) -> int:
    """End, after a restore, all that ended since the backup; return how many things."""
    gone = set(lines)
    count = 0
    for code in _municipalities():
        with working_for(code):
            for kind, ends in ENDS.items():
                rows = ends.holds(code).distinct()
                again = [row for row in rows if ended(kind, row.pk, code) in gone]
                for row in again:
                    ends.end(row)
                if again:
                    record(verb="end-again", subject=kind, subject_id="", by="system",
                           municipality=code, rows=len(again))  # fmt: skip
                count += len(again)
    return count


def _municipalities() -> Iterable[str]:
    rows = Municipality.objects.exclude(host=None).order_by("code")
    return list(rows.values_list("pk", flat=True))
