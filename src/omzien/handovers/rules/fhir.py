"""How a handover reads as a Task of the HL7 SDOH Clinical Care guide. Pure.

Casework notes 3.0: the states, the moves between them and what each of them must carry. A
handover is one Task; offered again, it is another one. Drafts, "on-hold" and "entered-in-error"
never come: docs/decisions/0016 says why.
"""

from collections.abc import Mapping

from omzien.handovers.rules.states import State, WithdrawReason
from omzien.questions.rules.states import Result

PROFILE = (
    "http://hl7.org/fhir/us/sdoh-clinicalcare/StructureDefinition/SDOHCC-TaskForReferralManagement"
)
CODES = "http://hl7.org/fhir/CodeSystem/task-code"
STATUS: Mapping[State, str] = {
    State.OFFERED: "requested",
    State.ACCEPTED: "accepted",
    State.HANDED_OVER: "in-progress",
    State.REPORTED_BACK: "completed",
    State.DECLINED: "rejected",
    State.WITHDRAWN: "cancelled",
    State.EXPIRED: "cancelled",
    State.RETURNED: "cancelled",
    State.CONTACT_EXPIRED: "cancelled",
}
NEEDS_REASON = frozenset({"rejected", "cancelled", "on-hold", "failed"})
# Why, in a few plain words; the words that people typed stay in Omzien.
WHY: Mapping[State, str] = {
    State.EXPIRED: "Geen antwoord binnen de termijn.",
    State.RETURNED: "Teruggegeven voor het eerste gesprek.",
    State.CONTACT_EXPIRED: "Geen eerste gesprek binnen de termijn.",
}
WITHDRAWN: Mapping[WithdrawReason, str] = {
    WithdrawReason.OWNER: "Ingetrokken door de afzender.",
    WithdrawReason.RESIDENT: "De inwoner wil dit niet.",
    WithdrawReason.GROUND: "De inwoner laat dit niet meer delen.",
    WithdrawReason.ENDED: "De vraag is gestopt.",
}
NOT_SOLVED = "De vraag is niet opgelost."


def status_of(state: State, result: str = "") -> str:
    """Return the status of a Task. A question that came to nothing is failed, not completed."""
    if state == State.REPORTED_BACK and result == Result.NOT:
        return "failed"
    return STATUS[state]
