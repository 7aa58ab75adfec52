"""Rules of the directory: who may see it, when it is stale, what a cost text says. No Django."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum

from omzien.people.rules.roles import Actor, Role

CONTACTS_DAYS = 180
ALL_DAYS = 365
REMINDER_DAYS = (0, 14, 21)
REPORT_WORKING_DAYS = 5
LEAVE_AFTER_DAYS = 90
WARNED_DAYS = 14  # nothing leaves sooner than this after the mail that says so


@dataclass(frozen=True)
class Terms:
    """How long things may take; a municipality may choose other ones (`directory/terms.py`).

    With the last reminder an entry sinks in the lists. `closed` are days on which the office is
    closed besides the public holidays.
    """

    contacts_days: int = CONTACTS_DAYS
    all_days: int = ALL_DAYS
    reminder_days: tuple[int, int, int] = REMINDER_DAYS
    leave_days: int = LEAVE_AFTER_DAYS
    report_working_days: int = REPORT_WORKING_DAYS
    closed: frozenset[date] = frozenset()

    @property
    def sink_days(self) -> int:
        """Return after how many days without an answer an entry stands lower in the lists."""
        return self.reminder_days[-1]


STANDARD = Terms()

# Who works for the directory itself: the letters to owners, imports and exports of a municipality.
EDITOR = Actor(role=Role.CHIEF_EDITOR, machine="system")


class Freshness(StrEnum):
    """How far an entry can be trusted, from what was last checked."""

    FRESH = "fresh"
    DUE = "due"
    STALE = "stale"  # marked on the page
    SUNK = "sunk"  # marked and lower in the ranking
    LEFT = "left"  # leaves the public directory


CAPACITY_DAYS = 14  # what was said of room longer ago is not known any more


class Capacity(StrEnum):
    """What a provider says about room: the four values of the FHIR SDOH capacity page."""

    YES = "yes"
    WAITING_LIST = "waiting-list"
    ASK_FIRST = "ask-first"
    NO = "no"
    UNKNOWN = "unknown"  # nothing said, or longer than two weeks ago


def capacity_on(value: str, *, as_of: date | None, on: date) -> Capacity:
    """Return what is known of the room on a day; what was said in the future is not known."""
    if not value or as_of is None or not 0 <= (on - as_of).days <= CAPACITY_DAYS:
        return Capacity.UNKNOWN
    return Capacity(value)


def freshness(
    *,
    contacts_checked_on: date | None,
    checked_on: date | None,
    on: date,
    terms: Terms = STANDARD,
) -> Freshness:
    """Return the freshness of an entry on a day.

    Contacts are to be checked every 180 days and all of it every 365 (reference: 120-180
    days at Healthify/WellSky, a year at 211 Michigan). After the due day the owner has the
    reminder ladder of 0, 14 and 21 days; then the entry sinks, and after 90 days it leaves.
    Each of these is a term that a municipality may choose.
    """
    overdue = max(
        _days_over(contacts_checked_on or checked_on, terms.contacts_days, on, terms),
        _days_over(checked_on, terms.all_days, on, terms),
    )
    if overdue < 0:
        return Freshness.FRESH
    if overdue < terms.reminder_days[1]:
        return Freshness.DUE
    if overdue < terms.sink_days:
        return Freshness.STALE
    if overdue < terms.leave_days:
        return Freshness.SUNK
    return Freshness.LEFT


def _days_over(checked: date | None, allowed: int, on: date, terms: Terms) -> int:
    if checked is None:
        return terms.leave_days - 1
    return (on - checked).days - allowed


def due_on(
    *,
    contacts_checked_on: date | None,
    checked_on: date | None,
    added_on: date,
    terms: Terms = STANDARD,
) -> date:
    """Return the first day on which an entry must be checked again.

    What was never checked is due from the day it was added.
    """
    if checked_on is None:
        return added_on
    contacts = (contacts_checked_on or checked_on) + timedelta(days=terms.contacts_days)
    return min(contacts, checked_on + timedelta(days=terms.all_days))


def what_is_due(*, checked_on: date | None, on: date, terms: Terms = STANDARD) -> str:
    """Return "contacts", or "all" when all of an entry must be checked on a day."""
    return "all" if _days_over(checked_on, terms.all_days, on, terms) >= 0 else "contacts"


def step_due(due: date, *, on: date, terms: Terms = STANDARD) -> int | None:
    """Return the last step of the reminder ladder that has come; None before the due day."""
    over = (on - due).days
    steps = enumerate(terms.reminder_days)
    return max((step for step, day in steps if over >= day), default=None)


def sinks_on(due: date, *, terms: Terms = STANDARD) -> date:
    """Return the day from which an entry that nobody checked stands lower in the lists."""
    return due + timedelta(days=terms.sink_days)


def leaves_on(due: date, *, warned_on: date, terms: Terms = STANDARD) -> date:
    """Return the day on which an entry that nobody checked leaves the directory.

    After an outage of the worker many entries may be long overdue at once; the last mail
    still gives its owner two weeks.
    """
    return max(due + timedelta(days=terms.leave_days), warned_on + timedelta(days=WARNED_DAYS))


def is_free(cost: str) -> bool | None:
    """Return whether a cost text says that it is free; None when it says nothing."""
    text = cost.casefold().strip()
    if not text:
        return None
    return text.startswith(("gratis", "vrije gift", "geen kosten", "free"))


GROUPS: dict[str, tuple[str, ...]] = {
    "children": ("kind", "peuter", "kleuter", "leerling", "baby"),
    "young": ("jonger", "jeugd", "scholier", "student", "tiener"),
    "parents": ("ouders", "gezin", "moeder", "vader", "zwanger", "grootouders"),
    "older": ("ouderen", "senior", "65", "70", "gepension"),
    "carers": ("mantelzorg", "naasten", "partner", "familie"),
    "newcomers": ("nieuwkom", "statushouder", "anderstal", "arbeidsmigrant", "vluchteling"),
    "disability": ("beperking", "slechtzien", "slechthor", "rolstoel", "autis", "dementie"),
}


def groups(audience: Iterable[str], age_min: int | None, age_max: int | None) -> frozenset[str]:
    """Return the groups of people (keys of GROUPS) that an entry is meant for.

    Read from the editor's own words, and from ages where these settle it; an empty set
    means that it is for everybody.
    """
    words = " ".join(audience).casefold()
    found = {group for group, signs in GROUPS.items() if any(sign in words for sign in signs)}
    if age_max is not None and age_max <= 12:
        found.add("children")
    if age_max is not None and age_max <= 27 and (age_min or 0) >= 10:
        found.add("young")
    if age_min is not None and age_min >= 55:
        found.add("older")
    return frozenset(found)


def parts_of_week(rule: str, starts: time) -> frozenset[str]:
    """Return the days ("mo" .. "su") of a recurrence rule, with "evening" and "weekend"."""
    days = {
        day.strip("+-0123456789").lower()
        for part in rule.split(";")
        if part.startswith("BYDAY=")
        for day in part.removeprefix("BYDAY=").split(",")
    }
    found = set(days)
    if starts >= time(17, 30):
        found.add("evening")
    if days & {"sa", "su"}:
        found.add("weekend")
    return frozenset(found)


class FileState(StrEnum):
    """How far an uploaded file is."""

    CHECKING = "checking"  # waits for its trial, or is at it
    CHECKED = "checked"  # a person may put it on the site
    PARTLY = "partly"  # some rows are wrong: a person may put the others on the site
    WRITING = "writing"  # somebody pressed the button
    DONE = "done"
    UNDOING = "undoing"  # somebody pressed the button to take it back; done again after that
    REFUSED = "refused"
    FAILED = "failed"  # we stopped trying
    GONE = "gone"  # thrown away, or older than a day


# From which states a file may come into a state. Everything that moves a file asks this table.
FILE_COMES_FROM: dict[FileState, frozenset[FileState]] = {
    FileState.CHECKING: frozenset({FileState.CHECKED, FileState.PARTLY}),  # sent again
    FileState.CHECKED: frozenset({FileState.CHECKING}),
    FileState.PARTLY: frozenset({FileState.CHECKING}),
    FileState.WRITING: frozenset({FileState.CHECKED, FileState.PARTLY}),
    FileState.DONE: frozenset({FileState.WRITING, FileState.UNDOING}),
    FileState.UNDOING: frozenset({FileState.DONE}),
    FileState.REFUSED: frozenset({FileState.CHECKING, FileState.WRITING}),
    FileState.FAILED: frozenset({FileState.CHECKING, FileState.WRITING}),
    FileState.GONE: frozenset(FileState) - {FileState.DONE, FileState.UNDOING, FileState.GONE},
}
# What the worker does something for, and the state after it went wrong for the last time.
FILE_GIVES_UP = {
    FileState.CHECKING: FileState.FAILED,
    FileState.WRITING: FileState.FAILED,
    FileState.UNDOING: FileState.DONE,  # all of it is still on the site
}
FILE_WORK = frozenset(FILE_GIVES_UP)
FILE_TRIED = frozenset({FileState.CHECKED, FileState.PARTLY})
FILE_ON_SITE = frozenset({FileState.DONE, FileState.UNDOING})
FILE_WAITS = (FILE_WORK | FILE_TRIED) - FILE_ON_SITE
FILE_KEPT = timedelta(days=1)
FEWEST_SHOWN = 5  # a lower count could point at a person, so it is never shown


def shown_count(count: int) -> int | None:
    """Return a count that may be shown, or None for one that is too small (0 is told)."""
    return None if 0 < count < FEWEST_SHOWN else count
