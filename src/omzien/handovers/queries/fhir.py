"""A handover as FHIR: what the actor sees on the page, and less."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from omzien.handovers.models import Handover
from omzien.handovers.rules.fhir import (
    CODES,
    NEEDS_REASON,
    NOT_SOLVED,
    PROFILE,
    WHY,
    WITHDRAWN,
    status_of,
)
from omzien.handovers.rules.states import State, WithdrawReason
from omzien.people.models import Team

RESULTS = {
    "solved": "Opgelost",
    "partly": "Voor een deel opgelost",
    "not": "Niet opgelost",
    "otherwise": "Anders opgelost",
}


def task_of(handover: Handover, *, base: str, declined: dict[str, str]) -> dict[str, Any]:
    """Return a handover as a Task; `base` is the address of this site.

    The resident is an identifier, the reference that both sides know, and no name. The words of
    people are left out but what is asked. `declined` gives the words for a reason to decline.
    """
    state = State(handover.state)
    status = status_of(state, handover.result)
    question = handover.question
    resident = {"system": f"{base}/hulpvraag", "value": question.reference}
    task: dict[str, Any] = {
        "resourceType": "Task",
        "id": str(handover.pk),
        "meta": {"versionId": str(handover.version), "profile": [PROFILE]},
        "contained": [
            {
                "resourceType": "ServiceRequest",
                "id": "vraag",
                "status": "active" if handover.is_open else "completed",
                "intent": "order",
                "subject": {"type": "Patient", "identifier": resident},
                # What was asked is on the page while it is open, and in no file for longer.
                **({"note": [{"text": handover.asked}]} if handover.is_open else {}),
            }
        ],
        "identifier": [{"system": f"{base}/overdracht", "value": str(handover.pk)}],
        "status": status,
        "intent": "order",
        "priority": "urgent" if handover.is_urgent else "routine",
        "code": {"coding": [{"system": CODES, "code": "fulfill"}]},
        "focus": {"reference": "#vraag"},
        "for": {"type": "Patient", "identifier": resident},
        "authoredOn": _moment(handover.offered_at),
        "lastModified": _moment(_last(handover)),
        "requester": _team(handover.from_team, base),
        "owner": _team(handover.to_team, base),
    }
    if status in NEEDS_REASON:
        task["statusReason"] = {"text": _why(handover, state, declined)}
    if status == "completed":
        text = RESULTS[handover.result]
        task["output"] = [{"type": {"text": "uitkomst"}, "valueCodeableConcept": {"text": text}}]
    return task


def _why(handover: Handover, state: State, declined: dict[str, str]) -> str:
    if state == State.DECLINED:
        return declined[handover.decline_reason]
    if state == State.WITHDRAWN:
        return WITHDRAWN[WithdrawReason(handover.withdraw_reason)]
    return WHY.get(state, NOT_SOLVED)


def _last(handover: Handover) -> datetime:
    moments: Iterable[datetime | None] = (
        handover.offered_at, handover.answered_at, handover.ended_at, handover.reported_at,
    )  # fmt: skip
    return max(one for one in moments if one is not None)


def _team(team: Team, base: str) -> dict[str, Any]:
    identifier = {"system": f"{base}/team", "value": str(team.pk)}
    return {"type": "Organization", "identifier": identifier, "display": team.name}


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
