"""How long an acute question may wait. Pure."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta

from omzien.kernel.workdays import is_working_day

HOUR = timedelta(hours=1)  # casework 3.6: acknowledge within an hour in office hours
_NAMES = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
OFFICE: list[list[str]] = [[day, "09:00", "17:00"] for day in _NAMES[:5]]


def is_open(at: datetime, hours: Sequence[Sequence[str]], closed: Collection[date]) -> bool:
    """Tell whether the office works at a local moment. `hours`: day, from and until ("09:00")."""
    if not is_working_day(at.date(), closed):
        return False
    today = [one for one in hours if one[0] == _NAMES[at.weekday()]]
    return any(time.fromisoformat(a) <= at.time() < time.fromisoformat(b) for _d, a, b in today)


def answer_by(at: datetime, hours: Sequence[Sequence[str]], closed: Collection[date]) -> datetime:
    """Return until when somebody may take an acute question up before the phone tree is used.

    In office hours an hour; outside them nobody is there to wait for, so at once.
    """
    return at + HOUR if is_open(at, hours or OFFICE, closed) else at


def opens_at(at: datetime, hours: Sequence[Sequence[str]], closed: Collection[date]) -> datetime:
    """Return when somebody works: this local moment, or the next at which the office opens.

    An office that stays closed for a year has no such moment; then the end of that year.
    """
    if is_open(at, hours, closed):
        return at
    for count in range(366):
        day = at.date() + timedelta(days=count)
        today = [one[1] for one in hours if one[0] == _NAMES[day.weekday()]]
        for start in sorted(today) if is_working_day(day, closed) else []:
            opens = datetime.combine(day, time.fromisoformat(start), at.tzinfo)
            if opens > at:
                return opens
    return at + timedelta(days=366)
