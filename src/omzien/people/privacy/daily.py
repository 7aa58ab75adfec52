"""What the worker does each day so that nothing stays longer than it may; twice is once."""

from datetime import date

from django.utils import timezone

from omzien.areas.models import Municipality
from omzien.journal.isolation import working_for
from omzien.people.actions.grounds import expire_grounds
from omzien.people.privacy import own, retaining
from omzien.people.privacy.ended import write_ended
from omzien.people.privacy.ledger import write_file


def clean_up(*, municipality: Municipality, on: date) -> int:
    """Destroy what is over and approved, propose what is over; return how many things went."""
    gone = retaining.by_clock(municipality=municipality, on=on)
    gone += retaining.run_approved(municipality=municipality, on=on)
    with working_for(municipality.code):
        expire_grounds(on=on)
        retaining.propose(municipality=municipality, on=on)
    return gone


def clean_up_shared(*, on: date) -> int:
    """Remove what belongs to no municipality, and bring the file of the ledger up to date."""
    write_file()
    write_ended()
    return own.clear_sessions(now=timezone.now()) + own.clear_accounts(on=on)
