"""Who hears of a case, by mail: that something waits, and never of the other neighbour."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone

from omzien.mediation.mails import MAILS
from omzien.mediation.models import Case, Party, Seat
from omzien.mediation.queries.reached import mailed
from omzien.mediation.rules.states import SeatState, Side
from omzien.messages.letters import write_to
from omzien.people.queries.mailboxes import of_functional_managers
from omzien.questions.actions.telling import coordinators, mailboxes


def tell_party(party: Party, what: str, *, mark: object = "", **words: str) -> None:
    """Tell one neighbour, where there is a mail address, and who gets their messages by a mandate;
    others are called.
    """
    if party.left_at:
        return
    path, key = reverse("my-mediation", args=[party.pk]), f"neighbour:{party.pk}:{what}{_of(mark)}"
    _tell(party.case, mailed(party), f"neighbour-{what}", key, path, **words)


def tell_parties(case: Case, what: str, *, mark: object = "") -> None:
    """Tell each neighbour who takes part; the second from their yes on."""
    for party in taking_part(case):
        tell_party(party, what, mark=mark)


def taking_part(case: Case) -> list[Party]:
    """Return the files of who takes part in a case."""
    rows = case.parties.filter(left_at=None).select_related("case__municipality")
    return [one for one in rows if one.side == Side.FIRST or one.agreed_at]


def tell_mediator(seat: Seat, what: str, *, mark: object = "") -> None:
    """Tell one mediator."""
    path, key = reverse("mediating", args=[seat.pk]), f"mediator:{seat.pk}:{what}{_of(mark)}"
    recipients = [seat.person.email] if seat.person.email else []
    _tell(seat.case, recipients, f"mediator-{what}", key, path)


def tell_mediators(case: Case, *, mark: object) -> None:
    """Tell both mediators, each who said yes, that a case went on."""
    seats = case.seats.filter(state=SeatState.ACCEPTED)
    for seat in seats.select_related("person", "case__municipality"):
        tell_mediator(seat, "next", mark=mark)


def tell_coordinator(case: Case, what: str, *, mark: object = "") -> None:
    """Tell who coordinates the team of a case, or else that team."""
    path, key = reverse("mediation", args=[case.pk]), f"mediation:{case.pk}:{what}{_of(mark)}"
    _tell(case, coordinators(case.team), f"coordinator-{what}", key, path)


def tell_managers(case: Case) -> None:
    """Tell who keeps Omzien that a case stands still, and not which one."""
    recipients = of_functional_managers(case.municipality_id, on=timezone.localdate())
    key = f"mediation-stuck:{case.pk}:{case.version}"
    _tell(case, recipients, "manager-stuck", key, reverse("today"))


def tell_referrer(case: Case) -> None:
    """Tell the team that referred a case that it is over; the page tells the class."""
    if case.from_team is not None:
        key, path = f"mediation-referred:{case.pk}", reverse("mediation-referred")
        _tell(case, mailboxes(case.from_team), "referrer-ended", key, path)


def _of(mark: object) -> str:
    return f":{mark}" if mark else ""


def _tell(
    case: Case, recipients: Iterable[str], code: str, key: str, path: str, **words: str
) -> None:
    write_to(recipients, MAILS, code, municipality=case.municipality, key=key, path=path, **words)
