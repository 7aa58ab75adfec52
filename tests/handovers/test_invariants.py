"""Invariants of casework 4 that the reference model does not show: H10, H11, N2-N5, V1, V3, V5."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.urls import reverse
from django.utils import timezone

from omzien.handovers.actions.answering import accept, decline, dispute, meet, report_back
from omzien.handovers.actions.clock import run_clock
from omzien.handovers.actions.offering import offer, withdraw, withdraw_ground
from omzien.handovers.actions.teams import archive_team
from omzien.handovers.models import Handover
from omzien.handovers.refusals import NeedsGround, NotAllowed, WrongState
from omzien.handovers.rules.fhir import WITHDRAWN
from omzien.handovers.rules.states import FOLLOWS, ContactKind, DeclineReason, State
from omzien.kernel.ladder import Rung
from omzien.messages.models import Message
from omzien.people.actions.memberships import end_membership
from omzien.people.models import Team
from omzien.people.rules.roles import SYSTEM
from omzien.questions.actions.working import close, pick_up
from omzien.questions.models import Question, Task
from omzien.questions.queries.inbox import inbox_of
from omzien.questions.refusals import TeamOwnsWork
from omzien.questions.rules.states import Result
from tests.casework import NOW, STORY, WHAT, a_question, an_offer, at, consent
from tests.handovers.conftest import text

pytestmark = pytest.mark.django_db
OF_TEAM = ("wim", "cor")  # who works in each


def carry(town, question, desk, moment):
    """Hand a question over to a desk, all the way."""
    slip = an_offer(question, desk, town, now=moment)
    accept(handover=slip, contact_name="Wim", by=desk.by, now=moment)
    meet(
        handover=slip, met_on=timezone.localdate(moment), met_by=ContactKind.PHONE,
        resident_was_there=True, by=desk.by, now=moment,
    )  # fmt: skip
    question.refresh_from_db()
    slip.refresh_from_db()
    return slip


def at_the_desk(desk):
    """Return what a colleague sees in the inbox of the team as held by nobody."""
    return list(inbox_of(desk.boss, on=timezone.localdate()).nobody.rows)


def test_h10_a_team_with_live_work_does_not_end_and_the_list_says_why(town):
    question = a_question(town)
    consent(town, town.b)
    an_offer(question, town.b, town)
    for desk, kinds in ((town.a, {"question", "handover"}), (town.b, {"handover"})):
        with pytest.raises(TeamOwnsWork) as caught:
            archive_team(team=desk.team, by=SYSTEM)
        assert {kind for kind, _ in caught.value.what} == kinds
        assert {reference for _, reference in caught.value.what} == {question.reference}


def test_h10_the_database_refuses_it_too(town):
    a_question(town)
    with pytest.raises(IntegrityError), transaction.atomic():
        Team.objects.filter(pk=town.a.team.pk).update(archived_at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Team.objects.filter(is_default=True).update(archived_at=NOW)


def test_h10_who_leaves_leaves_the_question_with_the_team_at_the_desk(town):
    question = pick_up(question=a_question(town), by=town.a.by, now=NOW)
    assert at_the_desk(town.a) == []
    end_membership(membership=town.a.worker, by=SYSTEM)
    question.refresh_from_db()
    assert question.team == town.a.team and question.is_live
    assert at_the_desk(town.a) == [question]


def test_h10_so_does_whose_account_is_closed(town):
    question = a_question(town)
    consent(town, town.b)
    carry(town, question, town.b, NOW)
    assert at_the_desk(town.b) == []
    account = town.b.worker.person.account
    account.is_active = False
    account.save()
    assert at_the_desk(town.b) == [question]
    question.refresh_from_db()
    assert question.team == town.b.team


@pytest.mark.parametrize("end", ["declined", "reported back", "closed in silence"])
def test_h8_the_sender_follows_until_some_weeks_after_the_end(town, at_desk, end):
    question = a_question(town)
    consent(town, town.b)
    if end == "declined":
        slip = an_offer(question, town.b, town)
        decline(handover=slip, reason=DeclineReason.FULL, text="Vol.",
                suggestion="Probeer bureau C.", by=town.b.by, now=NOW)  # fmt: skip
    else:
        slip = carry(town, question, town.b, NOW)
    if end == "reported back":
        report_back(handover=slip, result=Result.SOLVED, by=town.b.by, now=NOW)
    where = reverse("handover", args=[slip.pk])
    browser, before = at_desk(town.a.worker), NOW - FOLLOWS - timedelta(days=1)
    Handover.objects.filter(pk=slip.pk).update(ended_at=before)
    assert browser.get(where).status_code == 200  # theirs still, or told of a moment ago, or busy
    owner = town.a if end == "declined" else town.b
    close(question=question, result=Result.SOLVED, rung_reached=Rung.SELF, is_told=True,
          by=owner.by, now=NOW)  # fmt: skip
    if end == "closed in silence":
        assert browser.get(where).status_code == 200  # the result may still come
    Handover.objects.filter(pk=slip.pk, reported_at__isnull=False).update(reported_at=before)
    Question.objects.filter(pk=question.pk).update(ended_at=before)
    over = browser.get(where)
    assert over.status_code == 410 and "je team ziet er niets meer van" in text(over)
    assert ("Je team droeg deze vraag over" in text(over)) is (end != "declined")
    for word in ("Rina", "Roos", question.reference, WHAT.asked, "Vol.", "Probeer", "Opgelost"):
        assert word not in text(over), word
    assert browser.post(where, {"doe": "withdraw"}).status_code == 410
    assert at_desk(town.c.worker).get(where).status_code == 404  # it never had a part in it
    assert at_desk(town.resident).get(where).status_code in (403, 404)
    assert browser.get(where + "/fhir.json").status_code == 404
    assert str(slip.pk) not in text(browser.get(reverse("handovers")))
    assert str(slip.pk) not in browser.get(reverse("handovers-fhir")).content.decode()


def test_h11_there_and_back_again_any_number_of_times(town):
    question = a_question(town)
    for desk in (town.a, town.b, town.c):
        consent(town, desk)
    route = [town.b, town.a, town.c, town.b, town.a, town.b, town.a]
    for days, desk in enumerate(route, 1):
        carry(town, question, desk, NOW + timedelta(days=days))
        assert question.team == desk.team
        others = [one for one in town.desks.values() if one.team != desk.team]
        assert Question.objects.visible_to(desk.by).filter(pk=question.pk).exists()
        for other in others:
            assert not Question.objects.visible_to(other.by).filter(pk=question.pk).exists()
    assert Handover.objects.filter(state=State.HANDED_OVER).count() == len(route)


def test_who_handed_it_on_twice_over_hears_the_result_too(town):
    """A gave it to B and B to C: only C has it, and is asked; both others hear how it went."""
    question = a_question(town)
    for desk in (town.b, town.c):
        consent(town, desk)
    first = carry(town, question, town.b, NOW)
    second = carry(town, question, town.c, NOW)
    day = at(second.report_on)
    assert run_clock(municipality=town.municipality, now=day) == 1
    asked = Message.objects.filter(key__endswith=":report-due")
    assert {one.key for one in asked} == {f"handover:{second.pk}:report-due"}
    assert {one.recipient for one in asked} == {f"{one}.c@meierijstad.example" for one in OF_TEAM}
    for slip, by in ((first, town.b.by), (first, town.c.by), (second, town.b.by)):
        with pytest.raises(NotAllowed):
            report_back(handover=slip, result=Result.SOLVED, by=by, now=day)
    report_back(handover=second, result=Result.PARTLY, by=town.c.by, now=day)
    found = {(one.state, one.result) for one in Handover.objects.all()}
    assert found == {(State.REPORTED_BACK, Result.PARTLY)}
    told = set(
        Message.objects.filter(key__endswith=":reported-back").values_list("key", "recipient")
    )
    assert told == {
        (f"handover:{slip.pk}:reported-back", f"{one}.{letter}@meierijstad.example")
        for slip, letter in ((first, "a"), (second, "b"))
        for one in OF_TEAM
    }


def test_what_came_back_by_another_way_tells_nobody_of_themselves(town):
    question = a_question(town)
    for desk in (town.a, town.b):
        consent(town, desk)
    first = carry(town, question, town.b, NOW)
    second = carry(town, question, town.a, NOW)
    report_back(handover=second, result=Result.SOLVED, by=town.a.by, now=NOW)
    first.refresh_from_db()
    assert first.state == State.HANDED_OVER, "A itself gave it away: it knows"
    day = at(max(first.report_on, second.report_on))
    assert run_clock(municipality=town.municipality, now=day) == 0


def test_only_the_talk_with_who_helps_now_is_disputed(town):
    question = a_question(town)
    for desk in (town.b, town.c):
        consent(town, desk)
    first = carry(town, question, town.b, NOW)
    second = carry(town, question, town.c, NOW)
    with pytest.raises(WrongState):
        dispute(handover=first, text="Er was niemand", by=town.me, now=NOW)
    assert dispute(handover=second, text="Er was niemand", by=town.me, now=NOW).disputed_at


def test_a_partner_reads_and_offers_what_it_took_over(town):
    question = a_question(town)
    consent(town, town.c)
    carry(town, question, town.c, NOW)
    assert Question.objects.visible_to(town.c.by).get() == question
    with pytest.raises(NeedsGround):  # onward only with a new ground
        offer(question=question, to_team=town.b.team, offer=WHAT, by=town.c.by, now=NOW)
    consent(town, town.b)
    assert offer(question=question, to_team=town.b.team, offer=WHAT, by=town.c.by, now=NOW)


def test_n2_who_left_gets_no_notice(town):
    consent(town, town.b)
    question = a_question(town)
    end_membership(membership=town.b.coordinator, by=SYSTEM)
    slip = an_offer(question, town.b, town)
    told = Message.objects.filter(key=f"handover:{slip.pk}:offered")
    assert set(told.values_list("recipient", flat=True)) == {"wim.b@meierijstad.example"}


def test_n3_no_mail_of_a_handover_tells_of_anybody(town, club):
    from omzien.people.actions.grounds import Terms, give_consent

    question = a_question(town)
    terms = Terms(purpose="handover", categories=["contact", "story"], teams=[club, town.b.team],
                  starts_on=timezone.localdate())  # fmt: skip
    ground = give_consent(person=town.resident, terms=terms, by=town.me)
    slip = offer(question=question, to_team=club, offer=WHAT, by=town.a.by, now=NOW)
    moment = at(slip.remind_on)
    run_clock(municipality=town.municipality, now=moment)
    withdraw(handover=slip, by=town.a.by, now=moment)
    slip = an_offer(question, town.b, town, now=moment)
    decline(handover=slip, reason=DeclineReason.FULL, text="Rina Roos", suggestion="Rina",
            by=town.b.by, now=moment)  # fmt: skip
    carry(town, question, town.b, moment)
    withdraw_ground(ground=ground, by=town.me, now=moment)
    about = Message.objects.exclude(key__startswith="asked:")  # the receipt names the reference
    written = " ".join(m.subject + m.body for m in about)
    assert Message.objects.count() >= 8
    for word in ("Rina", "Roos", "5550", STORY[:10], WHAT.asked[:10], question.reference):
        assert word not in written, word


def test_n4_a_clock_again_or_a_clock_that_went_back_brings_nothing_new(town):
    consent(town, town.b)
    slip = an_offer(a_question(town), town.b, town)
    moment = at(slip.due_on + timedelta(days=1))
    assert run_clock(municipality=town.municipality, now=moment) == 1
    before = (Message.objects.count(), Task.objects.count())
    for other in (moment, moment - timedelta(days=3), moment + timedelta(hours=5)):
        assert run_clock(municipality=town.municipality, now=other) == 0
    assert (Message.objects.count(), Task.objects.count()) == before


def test_n5_who_has_no_address_gets_no_mail_and_nothing_breaks(town):
    for desk in town.desks.values():
        for member in (desk.worker, desk.coordinator):
            member.person.email = ""
            member.person.save()
    town.resident.email = ""
    town.resident.save()
    consent(town, town.b)
    question = a_question(town)
    carry(town, question, town.b, NOW)
    assert Message.objects.count() == 0 and question.team == town.b.team


def test_v1_a_handover_of_others_changes_nothing_for_a_third_team(town, at_desk):
    question = a_question(town)
    consent(town, town.b)
    browser = at_desk(town.c.worker)
    pages = [reverse("handovers"), reverse("handovers-fhir"), reverse("offer", args=[question.pk])]
    before = [bare(browser.get(path)) for path in pages]
    an_offer(question, town.b, town)
    assert [bare(browser.get(path)) for path in pages] == before


def bare(answer):
    import re

    body = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", answer.content.decode())
    return answer.status_code, body


def test_v3_a_child_is_looked_for_below_what_one_may_see(town, at_desk):
    mine, other = a_question(town), a_question(town)
    consent(town, town.b)
    slip = an_offer(other, town.b, town)
    browser = at_desk(town.resident)
    path = reverse("my-sharing", args=[mine.pk])
    assert browser.post(path, {"doe": "withdraw", "over": str(slip.pk)}).status_code == 404
    slip.refresh_from_db()
    assert slip.is_open


# What of the file is no content: codes of FHIR, and keys and addresses by which a machine knows it.
TECHNICAL = (
    "resourceType", "id", "versionId", "profile", "status", "intent", "priority", "type", "system",
    "code", "reference", "authoredOn", "lastModified", "identifier/value", "owner/identifier/value",
    "requester/identifier/value",
)  # fmt: skip


def leaves(part, path=()):
    """Yield (path, text) of all texts of a file; the places in a list are left out."""
    if isinstance(part, dict):
        for key, value in part.items():
            yield from leaves(value, (*path, key))
    elif isinstance(part, list):
        for value in part:
            yield from leaves(value, path)
    else:
        yield "/".join(path), str(part)


def content_of(file):
    """Return the texts of a file that tell something of somebody."""
    named = {one for one in TECHNICAL if "/" in one}
    return {
        text
        for path, text in leaves(file)
        if path not in named and path.rpartition("/")[2] not in {*TECHNICAL} - named
    }


@pytest.mark.parametrize("end", [None, "declined", "withdrawn", "reported"])
def test_v4_the_file_holds_no_more_than_the_page(town, at_desk, end):
    question = a_question(town)
    consent(town, town.b)
    slip = an_offer(question, town.b, town)
    if end == "declined":
        decline(handover=slip, reason=DeclineReason.FULL, text="Vol", suggestion="C",
                by=town.b.by, now=NOW)  # fmt: skip
    elif end == "withdrawn":
        withdraw(handover=slip, by=town.me, now=NOW)
    elif end == "reported":
        accept(handover=slip, contact_name="Wim", by=town.b.by, now=NOW)
        meet(handover=slip, met_on=timezone.localdate(NOW), met_by=ContactKind.PHONE,
             resident_was_there=True, by=town.b.by, now=NOW)  # fmt: skip
        report_back(handover=slip, result=Result.SOLVED, by=town.b.by, now=NOW)
    seen = 0
    for desk in (town.a, town.b):
        browser = at_desk(desk.worker)
        page = browser.get(reverse("handover", args=[slip.pk]))
        answer = browser.get(reverse("handover-fhir", args=[slip.pk]))
        assert (answer.status_code == 200) is (page.status_code == 200)
        if answer.status_code == 200:
            seen += 1
            content = content_of(answer.json())
            assert {"Team A", "Team B", question.reference} <= content
            assert (WHAT.asked in content) is (end is None)
            # The own team is in no sentence of the page: who works there knows it.
            shown = f"{text(page)} {desk.team.name}"
            # Why it ended is a fixed sentence in both, and no more than the state says.
            assert {one for one in content - {*WITHDRAWN.values()} if one not in shown} == set()
    assert seen == (1 if end in ("declined", "withdrawn") else 2)


def test_v5_a_ground_withdrawn_is_gone_at_the_next_request(town, at_desk):
    ground = consent(town, town.b)
    slip = an_offer(a_question(town, now=timezone.now()), town.b, town, now=timezone.now())
    browser = at_desk(town.b.worker)
    address = reverse("handover", args=[slip.pk])
    assert "Rina" in text(browser.get(address))
    from omzien.people.actions.grounds import withdraw as take_back

    take_back(ground=ground, by=town.me)  # no clock ran: the handover is still open
    for path in (address, f"{address}/fhir.json", f"{address}/afspraak.ics"):
        gone = browser.get(path)
        assert gone.status_code == (410 if path == address else 404) and "Rina" not in text(gone)
    with pytest.raises((NeedsGround, NotAllowed)):
        accept(handover=slip, contact_name="W", by=town.b.by, now=timezone.now())


def test_h2_h4_the_database_holds_one_open_handover_from_the_owner(town):
    consent(town, town.b)
    slip = an_offer(a_question(town), town.b, town)
    slip.pk = None
    slip._state.adding = True
    import uuid

    slip.id = uuid.uuid4()
    with pytest.raises(IntegrityError), transaction.atomic():
        slip.save(force_insert=True)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE questions_question SET team_id = %s", [town.c.team.pk])
