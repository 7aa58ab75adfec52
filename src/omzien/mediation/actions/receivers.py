"""Who may get a waiting mail about a case now, by the first word of its key."""

from collections.abc import Iterable, Mapping

from django.utils import timezone

from omzien.mediation.models import Case, Party, Seat
from omzien.mediation.queries.reached import mailed
from omzien.mediation.rules.states import OPEN_SEAT
from omzien.messages.models import Message
from omzien.messages.rights import Check, among, is_one_of, named, part
from omzien.people.models import Membership
from omzien.people.queries.mailboxes import of_functional_managers
from omzien.questions.actions.telling import coordinators, mailboxes


def _neighbour(row: Party) -> Iterable[str]:
    takes_part = row.left_at is None and (row.side == 1 or row.agreed_at)
    return mailed(row) if takes_part else []


def _mediator(message: Message) -> bool:
    """Tell a mediator of a case while the seat is open; and once that they are done."""
    row = named(Seat, message, "person", "case")
    if row is None:
        return False
    has_role = Membership.objects.live(on=timezone.localdate()).filter(pk=row.membership_id)
    is_open = row.state in OPEN_SEAT and row.case.is_live and has_role.exists()
    return (is_open or part(message, 2) == "done") and is_one_of(message, [row.person.email])


def _stuck(row: Case) -> Iterable[str]:
    return of_functional_managers(row.municipality_id, on=timezone.localdate())


def _referrer(row: Case) -> Iterable[str]:
    return mailboxes(row.from_team) if row.from_team else []


CHECKS: Mapping[str, Check] = {
    "neighbour": among(Party, _neighbour),
    "mediator": _mediator,
    "mediation": among(Case, lambda row: coordinators(row.team), "team"),
    "mediation-stuck": among(Case, _stuck),
    "mediation-referred": among(Case, _referrer, "from_team"),
}
