"""The terms of the directory as a municipality chose them."""

from datetime import date

from omzien.areas.queries import chosen
from omzien.directory.rules import STANDARD, Terms


def terms_of(municipality: str | None) -> Terms:
    """Return the terms of the municipality with a CBS code; of shared entries the standard ones."""
    if municipality is None:
        return STANDARD

    def days(code: str, standard: int) -> int:
        return chosen(municipality, code, standard)

    first, again, last = STANDARD.reminder_days
    closed: list[str] = chosen(municipality, "closed_days", [])
    return Terms(
        contacts_days=days("contacts_days", STANDARD.contacts_days),
        all_days=days("all_days", STANDARD.all_days),
        reminder_days=(first, days("remind_again_days", again), days("remind_last_days", last)),
        leave_days=days("leave_days", STANDARD.leave_days),
        report_working_days=days("report_working_days", STANDARD.report_working_days),
        closed=frozenset(date.fromisoformat(day) for day in closed),
    )
