"""What somebody who asked for another, without a mandate, may know of it: how far it is."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db.models import Exists, OuterRef

from omzien.handovers.models import Handover
from omzien.handovers.rules.states import TAKEN
from omzien.people.models import Team
from omzien.people.rules.roles import Actor
from omzien.questions.models import Question
from omzien.questions.rules.states import LIVE
from omzien.questions.rules.states import State as Asked

MOST = 100


class Stage(StrEnum):
    """How far a question is, and not a word more."""

    RECEIVED = "received"
    PICKED_UP = "picked-up"
    CLOSED = "closed"


@dataclass(frozen=True)
class AskedFor:
    """One question that somebody asked for another. `person` is for the access log only."""

    person: UUID
    reference: str
    asked_at: datetime
    stage: Stage
    team: str
    phone: str


def asked_for(actor: Actor) -> list[AskedFor]:
    """Return the questions that `actor` asked for another, the newest first.

    The team is the one that the receipt named. Once another team took the question over, that
    is no longer told, for the name of a team may say what somebody needs: then it is the desk.
    """
    moved = Handover.objects.filter(question=OuterRef("pk"), state__in=TAKEN)
    rows = Question.objects.asked_for_another(actor).annotate(moved=Exists(moved))
    told = rows.order_by("-asked_at", "pk").values(
        "person", "reference", "asked_at", "state", "moved", "team__name", "team__phone"
    )
    found = list(told[:MOST])
    if not found:
        return []
    desk = Team.objects.filter(municipality=actor.municipality, is_default=True)
    name, phone = desk.values_list("name", "phone").first() or ("", "")
    return [
        AskedFor(
            one["person"],
            one["reference"],
            one["asked_at"],
            _stage(one["state"]),
            name if one["moved"] else one["team__name"],
            phone if one["moved"] else one["team__phone"] or phone,
        )
        for one in found
    ]


def _stage(state: str) -> Stage:
    if state == Asked.NEW:
        return Stage.RECEIVED
    return Stage.PICKED_UP if state in LIVE else Stage.CLOSED
