"""The own file of a neighbour, as a page shows it; and what who referred a case may know."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from omzien.mediation.models import Agreement, Case, Party, Seat, Talk
from omzien.mediation.rules.states import SHORT as SHORT_OUTCOMES
from omzien.mediation.rules.states import SeatState, Side
from omzien.people.models import Mandate
from omzien.people.privacy.own import day_of
from omzien.people.queries.mandates import OPENS
from omzien.people.rules.retention import last_day
from omzien.people.rules.roles import Actor, Role

MOST = 200
REFUSED, SHORT, KEPT = "mediation-refused", "mediation-short", "mediation"


@dataclass(frozen=True)
class File:
    """What one neighbour sees: what is theirs, and what both share."""

    party: Party
    mediators: tuple[str, ...]
    talks: tuple[Talk, ...]
    agreement: Agreement | None
    said_yes: bool
    other_said_yes: bool
    kept_until: date | None


@dataclass(frozen=True)
class Referred:
    """A case that a team referred: a number, two days and a class."""

    reference: str
    received_at: datetime
    ended_at: datetime | None
    outcome: str


def file_of(party: Party, actor: Actor) -> File:
    """Return the file of a neighbour; each part through the gate of `actor`."""
    seats = Seat.objects.filter(case=party.case_id, state=SeatState.ACCEPTED)
    is_part = party.left_at is None
    agreement = Agreement.objects.visible_to(actor).filter(case=party.case_id).first()
    mine, other = (
        (Side.FIRST, Side.SECOND) if party.side == Side.FIRST else (Side.SECOND, Side.FIRST)
    )
    return File(
        party=party,
        mediators=tuple(seats.values_list("person__name", flat=True)) if is_part else (),
        talks=tuple(Talk.objects.visible_to(actor).planned().filter(case=party.case_id)),
        agreement=agreement,
        said_yes=bool(agreement and agreement.yes_of(mine)),
        other_said_yes=bool(agreement and agreement.yes_of(other)),
        kept_until=kept_until(party),
    )


def kept_until(party: Party) -> date | None:
    """Return the last day on which the file of a neighbour is kept, where it is known."""
    if party.left_at is not None:
        return last_day(REFUSED, day_of(party.left_at))
    if party.case.ended_at is None:
        return None
    kind = SHORT if party.case.outcome in SHORT_OUTCOMES else KEPT
    return last_day(kind, day_of(party.case.ended_at))


def is_read_along(party: Party) -> bool:
    """Tell whether somebody reads the file of a neighbour by a mandate; who stands elsewhere."""
    held = Mandate.objects.live(on=timezone.localdate()).of_all()
    rows = held.filter(resident=party.person_id, what__overlap=OPENS)
    return any(_reads(one, party) for one in rows)


def _reads(mandate: Mandate, party: Party) -> bool:
    by = Actor(
        mandate.municipality_id, Role.PROXY, person=mandate.proxy_id,
        represents=mandate.resident_id,
    )  # fmt: skip
    return Party.objects.own(by).filter(pk=party.pk).exists()


def referred(actor: Actor) -> list[Referred]:
    """Return what the own team referred, newest first."""
    rows = Case.objects.referred_by(actor).order_by("-received_at", "pk")
    values = rows.values_list("reference", "received_at", "ended_at", "outcome")[:MOST]
    return [Referred(*one) for one in values]
