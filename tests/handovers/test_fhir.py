"""The FHIR file of a handover in every state: what the guide makes mandatory, reason and result.

The table is the profile SDOHCC-TaskForReferralManagement of HL7's SDOH guide (casework notes 3.0):
a fixed intent and code, what it is about, for whom, when and by whom; a text why on what was
rejected, cancelled or failed; an outcome on what was completed.
"""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from omzien.handovers.actions.answering import accept, decline, meet, report_back, return_question
from omzien.handovers.actions.clock import expire
from omzien.handovers.actions.ending import stop_question
from omzien.handovers.actions.offering import withdraw, withdraw_ground
from omzien.handovers.models import Handover
from omzien.handovers.rules.fhir import CODES, PROFILE
from omzien.handovers.rules.states import ContactKind, DeclineReason, State, WithdrawReason
from omzien.questions.rules.states import Result
from omzien.web.handovers.words import DECLINED
from tests.casework import NOW, a_question, an_offer, consent
from tests.handovers.test_rules import PUBLISHED

FIXED = {
    "resourceType": "Task",
    "intent": "order",
    "code": {"coding": [{"system": CODES, "code": "fulfill"}]},
}
MANDATORY = {"status", "focus", "for", "authoredOn", "requester"}  # 1..1 in the profile
UNUSED = {"draft", "on-hold", "entered-in-error"}  # docs/decisions/0016
SHALL_SAY_WHY = {"rejected", "cancelled", "on-hold", "failed"}
SHALL_SAY_WHAT = {"completed"}
TIMES = ("authoredOn", "lastModified")
MAY = {
    "id", "meta", "contained", "identifier", "priority", "lastModified", "owner",
    "statusReason", "output",
}  # fmt: skip


@pytest.fixture
def made(town):
    """Return what makes a handover that went a way, and its file as the sender gets it."""
    question = a_question(town)
    ground = consent(town, town.b)
    slip = an_offer(question, town.b, town)
    by, me = town.b.by, town.me

    def taken():
        accept(handover=slip, contact_name="Wim", by=by, now=NOW)

    def met():
        taken()
        meet(handover=slip, met_on=timezone.localdate(NOW), met_by=ContactKind.PHONE,
             resident_was_there=True, by=by, now=NOW)  # fmt: skip

    def reported(result):
        met()
        report_back(handover=slip, result=result, by=by, now=NOW)

    def declined(reason):
        decline(handover=slip, reason=reason, text="Geheim", suggestion="Geheim", by=by, now=NOW)

    def over(first=lambda: None):
        first()
        assert expire(handover=slip, now=NOW + timedelta(days=60))

    def given_back():
        taken()
        return_question(handover=slip, reason="Geheim", by=by, now=NOW)

    ways = {
        "offered": lambda: None,
        "accepted": taken,
        "handed-over": met,
        "expired": over,
        "contact-expired": lambda: over(taken),
        "returned": given_back,
        "withdrawn:owner": lambda: withdraw(handover=slip, by=town.a.by, now=NOW, reason="Geheim"),
        "withdrawn:resident": lambda: withdraw(handover=slip, by=me, now=NOW),
        "withdrawn:ground": lambda: withdraw_ground(ground=ground, by=me, now=NOW),
        "withdrawn:ended": lambda: stop_question(
            question=question, name="withdraw", by=me, now=NOW
        ),
        **{f"declined:{one}": lambda one=one: declined(one) for one in DeclineReason},
        **{f"reported-back:{one}": lambda one=one: reported(one) for one in Result},
    }

    def go(way):
        ways[way]()
        return Handover.objects.get(pk=slip.pk)

    go.ways = set(ways)
    return go


# Each way a handover can stand, the status that the guide has for it, and the reason or result.
WANTED = {
    "offered": ("requested", ""),
    "accepted": ("accepted", ""),
    "handed-over": ("in-progress", ""),
    "expired": ("cancelled", "Geen antwoord binnen de termijn."),
    "contact-expired": ("cancelled", "Geen eerste gesprek binnen de termijn."),
    "returned": ("cancelled", "Teruggegeven voor het eerste gesprek."),
    "withdrawn:owner": ("cancelled", "Ingetrokken door de afzender."),
    "withdrawn:resident": ("cancelled", "De inwoner wil dit niet."),
    "withdrawn:ground": ("cancelled", "De inwoner laat dit niet meer delen."),
    "withdrawn:ended": ("cancelled", "De vraag is gestopt."),
    **{f"declined:{one}": ("rejected", str(DECLINED[one])) for one in DeclineReason},
    "reported-back:solved": ("completed", "Opgelost"),
    "reported-back:partly": ("completed", "Voor een deel opgelost"),
    "reported-back:otherwise": ("completed", "Anders opgelost"),
    "reported-back:not": ("failed", "De vraag is niet opgelost."),
}


def test_the_table_has_every_state_and_every_reason():
    assert {way.partition(":")[0] for way in WANTED} == set(State)
    for state, more in (
        ("withdrawn", WithdrawReason), ("declined", DeclineReason), ("reported-back", Result),
    ):  # fmt: skip
        assert {f"{state}:{one}" for one in more} == {
            w for w in WANTED if w.startswith(f"{state}:")
        }


@pytest.mark.parametrize("way", WANTED)
def test_the_file_has_what_the_guide_asks_in_this_state(town, at_desk, made, way):
    assert made.ways == set(WANTED)
    slip = made(way)
    assert slip.state == way.partition(":")[0]
    answer = at_desk(town.a.worker).get(reverse("handover-fhir", args=[slip.pk]))
    task = answer.json()
    status, says = WANTED[way]

    assert {name: task[name] for name in FIXED} == FIXED
    assert task["status"] == status and status in PUBLISHED
    assert set(task) >= MANDATORY and set(task) <= MANDATORY | set(FIXED) | MAY
    assert task["meta"]["profile"] == [PROFILE]
    assert [one for one, value in _leaves(task) if value in ("", None, [], {})] == []

    # Who and what: the two teams, one resident, and the request that lies in the file itself.
    assert task["requester"]["display"] == "Team A" and task["owner"]["display"] == "Team B"
    (request,) = task["contained"]
    assert task["focus"] == {"reference": f"#{request['id']}"} and "meta" not in request
    assert (request["resourceType"], request["intent"]) == ("ServiceRequest", "order")
    assert request["subject"] == task["for"]
    assert task["for"]["identifier"]["value"] == slip.question.reference
    assert request["status"] == ("active" if slip.is_open else "completed")
    made_at, changed_at = (datetime.fromisoformat(task[one]) for one in TIMES)
    assert made_at.tzinfo and changed_at >= made_at

    # Why it ended, or what came of it: there where it must be, and nowhere else.
    assert ("statusReason" in task) is (status in SHALL_SAY_WHY)
    assert ("output" in task) is (status in SHALL_SAY_WHAT)
    if "statusReason" in task:
        assert task["statusReason"] == {"text": says}
    if "output" in task:
        (output,) = task["output"]
        assert output["type"]["text"] and output["valueCodeableConcept"] == {"text": says}
    assert "Geheim" not in answer.content.decode()  # what people typed stays in Omzien


def _leaves(value, name="task"):
    yield name, value
    if isinstance(value, dict):
        for key, more in value.items():
            yield from _leaves(more, f"{name}.{key}")
    elif isinstance(value, list):
        for one in value:
            yield from _leaves(one, f"{name}[]")


def test_three_statuses_of_the_guide_never_come():
    """No handover waits without a clock, and none is wiped away: it was seen, so it was there."""
    used = {status for status, _says in WANTED.values()}
    assert used | UNUSED == set(PUBLISHED) and not used & UNUSED
