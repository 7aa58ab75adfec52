"""Offering, answering, sharing and asking others along, as pages."""

import json
import re
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from omzien.handovers.actions.advising import ADVISED, ask_advice, move_consult
from omzien.handovers.actions.along import ANSWERED, involve, move_involvement
from omzien.handovers.actions.answering import (
    TELL,
    accept,
    decline,
    dispute,
    meet,
    report_back,
    return_question,
)
from omzien.handovers.actions.clock import expire
from omzien.handovers.actions.consenting import (
    ByLaw,
    Heard,
    answer_consent,
    ask_along,
    ask_resident,
    let_along,
    let_share,
    take_back,
)
from omzien.handovers.actions.linking import new_link
from omzien.handovers.actions.meetings import plan_meeting
from omzien.handovers.actions.offering import offer, withdraw
from omzien.handovers.models import Consult, Handover, Involvement, Meeting, OfferDraft, Referral
from omzien.handovers.queries.offered import asked_of
from omzien.handovers.refusals import NeedsGround, NobodyReads, NotAllowed, SaidNo
from omzien.handovers.rules.states import Capacity, ContactKind, DeclineReason, State
from omzien.journal.isolation import choose
from omzien.journal.models import Fact
from omzien.kernel.ladder import Rung
from omzien.kernel.workdays import add_working_days
from omzien.messages.models import Message
from omzien.messages.rights import may_still_go
from omzien.people import refusals as people
from omzien.people.actions.grounds import Terms, give_consent
from omzien.people.actions.memberships import appoint, be_away, name_cover
from omzien.people.actions.teams import form_team
from omzien.people.logs.models import AccessLine
from omzien.people.models import Ground, Membership, Person, Team
from omzien.people.queries.grounds import standing_of
from omzien.people.rules.grounds import Category, GroundKind, How, What
from omzien.people.rules.roles import SYSTEM, Role
from omzien.questions.actions.discussing import Plan, call_off_discussion, plan_discussion
from omzien.questions.actions.objecting import answer_objection, object_to
from omzien.questions.actions.tasks import add_task
from omzien.questions.actions.working import close, give_to, go_on, pick_up
from omzien.questions.models import Attempt, Discussion, Objection, Question, Task
from omzien.questions.refusals import StillOpen
from omzien.questions.rules.states import Result
from omzien.web.handovers.words import GONE
from tests.casework import CLOSE, STORY, WHAT, a_question, an_offer, as_actor, at, consent
from tests.handovers.conftest import text
from tests.signing import member
from tests.web.test_mine_pages import helped

pytestmark = pytest.mark.django_db


def now():
    return timezone.now()


@pytest.fixture
def question(town):
    return a_question(town, now=now())


@pytest.fixture
def slip(town, question):
    consent(town, town.b, categories=[Category.CONTACT])
    return an_offer(question, town.b, town, now=now())


@pytest.fixture
def accepted(town, slip):
    return accept(handover=slip, contact_name="Wim B", by=town.b.by, now=now())


def offer_path(question):
    return reverse("offer", args=[question.pk])


def filled(town, **more):
    return {
        "version": 1, "to_team": str(town.b.team.pk), "asked": "Kan zij meedoen?",
        "tried": "De buurvrouw.", "best_moment": "’s ochtends", "resident_knows": "on",
        "ground": "heard", "how": "spoken", "categories": ["story"], "doe": "offer",
    } | more  # fmt: skip


# offering


def test_one_post_records_the_yes_and_offers(town, question, at_desk):
    browser = at_desk(town.a.worker)
    answer = browser.post(offer_path(question), filled(town))
    slip = Handover.objects.get()
    assert answer["Location"] == reverse("handover", args=[slip.pk])
    ground = Ground.objects.get()
    assert (ground.how, sorted(ground.categories)) == ("spoken", ["contact", "story"])
    assert "Kan zij meedoen?" in text(browser.get(answer["Location"]))


def test_what_was_tried_is_filled_in(town, question, at_desk):
    Attempt.objects.create(
        municipality=town.municipality, question=question, rung="community", offer="Huiskamer",
        started_on=timezone.localdate(), result="failed",
    )  # fmt: skip
    assert "Huiskamer: hielp niet" in text(at_desk(town.a.worker).get(offer_path(question)))


@pytest.mark.parametrize(
    "more,said",
    [
        ({"to_team": ""}, "Kies aan welk team je dit vraagt."),
        ({"asked": ""}, "Schrijf wat je dit team vraagt."),
        ({"resident_knows": ""}, "Vertel het de inwoner eerst."),
        ({"ground": ""}, "Kies hoe je weet dat dit gedeeld mag worden."),
        ({"how": ""}, "Kies hoe de inwoner het zei."),
        ({"ground": "law"}, "Kies wat voor wet het is."),
        ({"ground": "law", "law": "legal-task"}, "Schrijf welk artikel van welke wet dit mag."),
        ({"ground": "law", "law": "legal-task", "article": "2.3.2 Wmo"}, "Schrijf waarom"),
        ({"to_team": "x"}, "Kies aan welk team je dit vraagt."),
        ({"version": ""}, "Deze pagina was te oud."),
        ({"asked": "x" * 2001}, "Dit is te lang"),
    ],
)
def test_nothing_that_was_typed_is_lost_on_a_fault(town, question, at_desk, more, said):
    answer = at_desk(town.a.worker).post(offer_path(question), filled(town, **more))
    seen = text(answer)
    assert answer.status_code == 400 and said in seen
    assert "De buurvrouw." in seen and "’s ochtends" in answer.content.decode()
    assert not Ground.objects.exists() and not Handover.objects.exists()


def test_a_law_with_its_article_lets_share(town, question, at_desk):
    law = {
        "ground": "law", "law": "legal-task", "article": "2.3.2 Wmo", "explanation": "Nodig.",
        "not_informed_because": "Gevaar voor haar.",
    }  # fmt: skip
    at_desk(town.a.worker).post(offer_path(question), filled(town, **law))
    ground = Ground.objects.get()
    assert (ground.article, ground.is_informed) == ("2.3.2 Wmo", False)
    assert Handover.objects.open().count() == 1


def test_a_stale_page_shows_what_changed_and_keeps_the_words(town, question, at_desk):
    browser = at_desk(town.a.worker)
    answer = browser.post(offer_path(question), filled(town, version=0))
    seen = text(answer)
    assert answer.status_code == 409 and "Dit is ondertussen veranderd." in seen
    assert "Kan zij meedoen?" in seen and not Handover.objects.exists()
    assert not Ground.objects.exists(), "the ground and the offer are one"
    assert 'name="version" value="1"' in answer.content.decode()


def test_a_preview_asks_for_no_more_than_the_team_and_a_wrong_offer_says_so_in_its_title(
    town, question, at_desk
):
    Question.objects.filter(pk=question.pk).update(reach_by="mail", best_moment="")
    browser = at_desk(town.a.worker)
    page = browser.get(offer_path(question)).content.decode()
    assert "Liefst mailen" in page and "Nog niets, voor zover we weten." in page
    empty = filled(town, asked="", tried="", best_moment="")
    shown = browser.post(offer_path(question), empty | {"doe": "preview"})
    assert shown.status_code == 200 and "Dit lukte nog niet" not in text(shown)
    assert "Dit ziet Team B" in text(shown)
    shown = browser.post(offer_path(question), empty | {"doe": "preview", "to_team": ""})
    assert shown.status_code == 400 and "Kies aan welk team" in text(shown)
    assert "Fout: Warm overdragen" in text(browser.post(offer_path(question), empty))


def test_a_preview_is_exactly_what_the_receiver_sees(town, question, at_desk):
    browser = at_desk(town.a.worker)
    shown = browser.post(offer_path(question), filled(town, doe="preview", categories=[]))
    assert shown.status_code == 200 and not Handover.objects.exists()
    browser.post(offer_path(question), filled(town, categories=[]))
    slip = Handover.objects.get()
    there = at_desk(town.b.worker).get(reverse("handover", args=[slip.pk]))
    package = _facts(shown)
    assert package and package == _facts(there) and STORY not in package


def _facts(answer):
    body = answer.content.decode()
    start = body.index('<dl class="facts">')
    return body[start : body.index("</dl>", start)]


def test_a_team_without_room_needs_a_reason(town, question, at_desk):
    from omzien.handovers.actions.rooms import say_room

    say_room(team=town.b.team, capacity=Capacity.NO, note="Weer in maart", by=town.b.by,
             on=timezone.localdate())  # fmt: skip
    browser = at_desk(town.a.worker)
    assert "Weer in maart" in text(browser.get(offer_path(question)))
    answer = browser.post(offer_path(question), filled(town))
    assert answer.status_code == 400 and "Dit team heeft geen plek." in text(answer)
    browser.post(offer_path(question), filled(town, capacity_reason="Alleen zij doen dit."))
    assert Handover.objects.get().capacity == Capacity.NO


def test_another_team_has_no_such_page(town, question, at_desk):
    assert at_desk(town.b.worker).get(offer_path(question)).status_code == 404


def test_the_offer_page_asks_a_fixed_number_of_queries(
    town, question, at_desk, django_assert_max_num_queries
):
    browser = at_desk(town.a.worker)
    browser.get(offer_path(question))
    with django_assert_max_num_queries(23):
        browser.get(offer_path(question))


# nobody answers for themselves or a relative


@pytest.mark.parametrize("how", CLOSE)
def test_who_is_close_to_the_resident_sees_nothing_of_the_handover_and_answers_nothing(
    town, at_desk, how
):
    CLOSE[how](town, town.b.worker.person)
    question = a_question(town, now=now())
    consent(town, town.b)
    slip = an_offer(question, town.b, town, now=now())
    browser, key = at_desk(town.b.worker), [slip.pk]
    for name in ("handover", "handover-fhir"):
        assert browser.get(reverse(name, args=key)).status_code == 404, name
    for name in ("handovers", "handovers-fhir", "inbox"):
        page = browser.get(reverse(name)).content.decode()
        assert str(slip.pk) not in page and slip.asked not in page, name
    with pytest.raises(NotAllowed):
        accept(handover=slip, contact_name="Wim", by=town.b.by, now=now())
    with pytest.raises(NotAllowed):
        decline(handover=slip, reason=DeclineReason.FULL, text="Vol", suggestion="Later",
                by=town.b.by, now=now())  # fmt: skip
    accepted = accept(handover=slip, contact_name="Cor", by=town.b.boss, now=now())
    plan_meeting(handover=slip, starts_at=now() + timedelta(days=1), place="Thuis", by=town.b.boss,
                 now=now())  # fmt: skip
    assert browser.get(reverse("handover-calendar", args=key)).status_code == 404
    talk = {"met_on": timezone.localdate(), "met_by": ContactKind.PHONE, "now": now()}
    for act in (
        lambda: return_question(handover=accepted, reason="Toch niet", by=town.b.by, now=now()),
        lambda: meet(handover=accepted, resident_was_there=True, by=town.b.by, **talk),
        lambda: plan_meeting(handover=accepted, starts_at=now() + timedelta(days=2), place="",
                             by=town.b.by, now=now()),
    ):  # fmt: skip
        with pytest.raises(NotAllowed):
            act()
    row = meet(handover=accepted, resident_was_there=True, by=town.b.boss, **talk)
    assert row.question.team_id == town.b.team.pk
    assert browser.get(reverse("handover", args=key)).status_code == 404
    with pytest.raises(NotAllowed):
        report_back(handover=row, result=Result.SOLVED, by=town.b.by, now=now())
    assert report_back(handover=row, result=Result.SOLVED, by=town.b.boss, now=now()).reported_at


@pytest.mark.parametrize("how", CLOSE)
def test_a_sender_who_is_close_to_the_resident_does_not_follow_the_handover(town, at_desk, how):
    CLOSE[how](town, town.a.worker.person)
    question = a_question(town, now=now())
    consent(town, town.b)
    slip = offer(question=question, to_team=town.b.team, offer=WHAT, by=town.a.boss, now=now())
    assert at_desk(town.a.worker).get(reverse("handover", args=[slip.pk])).status_code == 404
    with pytest.raises(NotAllowed):
        new_link(handover=slip, by=town.a.by)
    assert new_link(handover=slip, by=town.a.boss)


@pytest.mark.parametrize("how", CLOSE)
def test_who_is_close_to_the_resident_says_nothing_about_a_part_of_their_team(town, how):
    CLOSE[how](town, town.b.worker.person)
    question = a_question(town, now=now())
    consent(town, town.b)
    part = involve(question=question, team=town.b.team, part="Samen wandelen", by=town.a.by,
                   now=now())  # fmt: skip
    for name in ("join", "decline"):
        with pytest.raises(NotAllowed):
            move_involvement(involvement=part, name=name, reason="Vol", by=town.b.by, now=now())
    assert move_involvement(involvement=part, name="join", by=town.b.boss, now=now())


def test_how_it_ended_is_not_told_to_who_is_close_to_the_resident(town, at_desk):
    question = a_question(town, now=now())
    consent(town, town.b)
    slip = an_offer(question, town.b, town, now=now())
    withdraw(handover=slip, reason="Toch niet nodig", by=town.a.by, now=now())
    gone = reverse("handover", args=[slip.pk])
    assert at_desk(town.b.worker).get(gone).status_code == 410
    CLOSE["one account"](town, town.b.worker.person)
    assert at_desk(town.b.worker).get(gone).status_code == 404


# the same form sent twice


def test_a_page_carries_the_key_by_which_sent_twice_is_once(town, question, at_desk):
    browser = at_desk(town.a.worker)

    def twice(shown, path, name, **fields):
        page = browser.get(shown).content.decode()
        key = re.search(rf'name="{name}" value="([0-9a-f-]{{36}})"', page)[1]
        found = [browser.post(path, fields | {name: key}).status_code for _ in range(2)]
        assert found == [302, 302]

    day = f"{timezone.localdate() + timedelta(days=2):%d-%m-%Y}"
    own, talks = reverse("question", args=[question.pk]), reverse("discussions", args=[question.pk])
    twice(own, reverse("add-task", args=[question.pk]), "add-task-key",
          **{"add-task-version": 1, "add-task-what": "Bel", "add-task-due_on": day})  # fmt: skip
    twice(talks, talks, "key", purpose="Wie doet wat?", day=day, starts="10.30")
    twice(along(question), along(question), "advice-key", doe="advice", **{
        "advice-version": 1, "advice-to_team": str(town.b.team.pk), "advice-text": "Wat?"
    })  # fmt: skip
    twice(along(question), along(question), "refer-key", doe="refer",
          **{"refer-version": 1, "refer-name": "Huiskamer", "refer-text": "Koffie"})  # fmt: skip
    talk = Discussion.objects.get()
    twice(talks, reverse("decide", args=[talk.pk]), "key", what="Anna belt", due_on=day)
    assert Task.objects.count() == 2 and talk.decisions.count() == 1
    assert Consult.objects.count() == Referral.objects.count() == 1


@pytest.mark.parametrize("how", ["heard", "law", "ask"])
def test_an_offer_sent_twice_is_once(town, question, at_desk, how):
    """The second answer is that of the first, and no yes is written down twice."""
    browser = at_desk(town.a.worker)
    law = {"law": "legal-task", "article": "2.3.2 Wmo", "explanation": "Nodig.",
           "is_informed": "on"}  # fmt: skip
    page = browser.get(offer_path(question)).content.decode()
    key = re.search(r'name="key" value="([0-9a-f-]{36})"', page)[1]
    sent = filled(town, ground=how, key=key, **(law if how == "law" else {}))
    first, second = (browser.post(offer_path(question), sent) for _ in range(2))
    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"] and Ground.objects.count() == 1
    assert Handover.objects.count() == (how != "ask")
    told = Message.objects.values_list("recipient", "subject")
    assert len(told) == len(set(told)) > 0
    other = browser.post(offer_path(question), sent | {"asked": "Iets anders?"})
    assert other.status_code in (400, 409), "other words are something else"


@pytest.mark.parametrize("name", ["involve", "consent", "heard"])
def test_a_request_to_do_a_part_sent_twice_is_once(town, question, at_desk, name):
    browser = at_desk(town.a.worker)
    if name == "involve":
        consent(town, town.b)
    before = Ground.objects.count()
    page = browser.get(along(question)).content.decode()
    key = re.search(rf'name="{name}-key" value="([0-9a-f-]{{36}})"', page)[1]
    sent = {f"{name}-{field}": value for field, value in {
        "version": 1, "to_team": str(town.b.team.pk), "text": "Koffie", "key": key,
        "how": "spoken",
    }.items()}  # fmt: skip
    found = [browser.post(along(question), sent | {"doe": name}).status_code for _ in range(2)]
    assert found == [302, 302]
    made = Involvement.objects.count() + Ground.objects.count() - before
    told = Message.objects.values_list("recipient", "subject")
    assert made == 1 and len(told) == len(set(told))


# a form that comes again after somebody answered what it asked


def sent_again(town, question, at_desk, meanwhile, **more):
    """Send an offer, let something happen, and send the same form; return what is read then."""
    browser = at_desk(town.a.worker)
    key = re.search(r'name="key" value="([0-9a-f-]{36})"', browser.get(offer_path(question))
                    .content.decode())[1]  # fmt: skip
    sent = filled(town, key=key, **more)
    assert "Hieronder staat hoe het nu is" not in text(
        browser.post(offer_path(question), sent, follow=True)
    )
    meanwhile()
    found = browser.post(offer_path(question), sent, follow=True)
    assert Handover.objects.count() <= 1 and Ground.objects.count() == 1
    return found


def the_slip():
    return Handover.objects.get()


WHAT_CAME = {
    "declined": ("Afgewezen", lambda town: decline(
        handover=the_slip(), reason=DeclineReason.FULL, text="Vol.", suggestion="Bureau C",
        by=town.b.by, now=now())),
    "withdrawn": ("De inwoner wilde deze overdracht niet", lambda town: withdraw(
        handover=the_slip(), by=town.me, now=now())),
    "expired": ("Geen antwoord gekregen", lambda town: expire(
        handover=the_slip(), now=now() + timedelta(weeks=3))),
    "accepted": ("Aangenomen", lambda town: accept(
        handover=the_slip(), contact_name="Wim B", by=town.b.by, now=now())),
}  # fmt: skip


@pytest.mark.parametrize("what", WHAT_CAME)
def test_an_offer_sent_again_tells_what_happened_to_it(town, question, at_desk, what):
    reads, do = WHAT_CAME[what]
    found = sent_again(town, question, at_desk, lambda: do(town))
    page = text(found)
    assert reads in page and "Er is nu niets nieuws verstuurd" in page
    assert "De vraag is aangeboden" not in page
    assert ("Vraag een ander team" in page) is (what != "accepted")


def test_an_offer_sent_again_after_the_talk_tells_whose_it_is(town, question, at_desk):
    def talk():
        accept(handover=the_slip(), contact_name="Wim B", by=town.b.by, now=now())
        meet(handover=the_slip(), met_on=timezone.localdate(), met_by=ContactKind.VISIT,
             resident_was_there=True, by=town.b.by, now=now())  # fmt: skip

    found = sent_again(town, question, at_desk, talk)
    assert found.status_code == 409 and "niet meer van je team" in text(found)
    assert "Kan zij meedoen?" in text(found) and "Rina" not in text(found)
    assert reverse("handover", args=[the_slip().pk]) in found.content.decode()
    assert at_desk(town.c.worker).post(offer_path(question), filled(town)).status_code == 404
    assert at_desk(town.a.worker).get(offer_path(question)).status_code == 404


def test_a_question_to_the_resident_sent_again_tells_that_there_is_an_answer(
    town, question, at_desk
):
    def says_no():
        answer_consent(question=question, ground=Ground.objects.get(), is_given=False,
                       by=town.me, now=now())  # fmt: skip

    page = text(sent_again(town, question, at_desk, says_no, ground="ask"))
    assert "Er is nu niets nieuws verstuurd" in page and "krijgt je vraag" not in page


@pytest.mark.parametrize("name", ["involve", "advice"])
def test_what_is_asked_of_a_team_along_sent_again_tells_that_it_was_answered(
    town, question, at_desk, name
):
    consent(town, town.b)
    browser = at_desk(town.a.worker)
    page = browser.get(along(question)).content.decode()
    key = re.search(rf'name="{name}-key" value="([0-9a-f-]{{36}})"', page)[1]
    fields = {"version": 1, "to_team": str(town.b.team.pk), "text": "Koffie", "key": key}
    sent = {f"{name}-{field}": value for field, value in fields.items()} | {"doe": name}
    assert "Bewaard." in text(browser.post(along(question), sent, follow=True))
    common = {"name": "decline", "by": town.b.by, "now": now()}
    if name == "involve":
        move_involvement(involvement=Involvement.objects.get(), reason="Vol", **common)
    else:
        move_consult(consult=Consult.objects.get(), answer="Nee", **common)
    page = text(browser.post(along(question), sent, follow=True))
    assert "Er is nu niets nieuws verstuurd" in page and "Bewaard." not in page


# a team that nobody reads


def test_a_team_that_nobody_reads_is_asked_nothing(town, question, at_desk):
    """An empty team gets nothing; one with a mailbox gets a handover, which a link opens."""
    empty = form_team(municipality=town.municipality, name="Leeg team", by=SYSTEM)
    club = form_team(municipality=town.municipality, name="Wandelclub", by=SYSTEM,
                     email="club@voorbeeld.example")  # fmt: skip
    for team in (empty, club):
        terms = Terms(purpose="handover", categories=[Category.CONTACT], teams=[team],
                      starts_on=timezone.localdate())  # fmt: skip
        give_consent(person=town.resident, terms=terms, by=town.me)
    common = {"question": question, "by": town.a.by, "now": now()}
    for team in (empty, club):
        with pytest.raises(NobodyReads):
            ask_advice(to_team=team, text="Wat past?", **common)
        with pytest.raises(NobodyReads):
            involve(team=team, part="x", **common)
        with pytest.raises(NobodyReads):
            ask_along(team=team, part="x", categories=(), **common)
    with pytest.raises(NobodyReads):
        ask_resident(to_team=empty, categories=(), words={}, **common)
    with pytest.raises(NobodyReads):
        offer(to_team=empty, offer=WHAT, **common)
    browser = at_desk(town.a.worker)
    offered, asked = text(browser.get(offer_path(question))), text(browser.get(along(question)))
    assert "Leeg team" not in offered and "Wandelclub" in offered
    assert "Leeg team" not in asked and "Wandelclub" not in asked
    assert browser.post(offer_path(question), filled(town, to_team=empty.pk)).status_code == 400
    offer(to_team=club, offer=WHAT, **common)


def test_a_desk_that_nobody_reads_is_seen_by_who_can_mend_it(town, at_desk):
    said = "Hier horen vragen te komen, maar er werkt niemand die ze leest"
    loud = "Bij Loket komt alles wat nergens anders past, en daar werkt niemand die het leest"
    for who, sees in ((town.a.coordinator, True), (town.a.worker, False)):
        assert (loud in text(at_desk(who).get(reverse("today")))) is sees
    manager = member(Role.FUNCTIONAL_MANAGER, town.municipality, name="Fien Beheer")
    choose("GM1948")
    page = text(at_desk(manager).get(reverse("today")))
    assert loud in page and "Vragen komen bij niemand aan" in page
    assert text(at_desk(manager).get(reverse("teams"))).count(said) == 1
    desk = Team.objects.get(is_default=True)
    appoint(person=town.a.worker.person, organisation=town.a.worker.organisation, team=desk,
            role=Role.CONNECTOR, starts_on=timezone.localdate(), by=SYSTEM)  # fmt: skip
    assert said not in text(at_desk(manager).get(reverse("teams")))


def test_a_team_of_which_all_are_away_is_seen_by_who_can_name_a_cover(town, at_desk):
    manager = member(Role.FUNCTIONAL_MANAGER, town.municipality, name="Fien Beheer")
    choose("GM1948")
    days = {"first_on": timezone.localdate(), "last_on": timezone.localdate()}
    be_away(membership=town.a.coordinator, by=SYSTEM, **days)
    said = "iedereen die ze leest is afwezig. Wie uit een ander team vervangt"
    assert said not in text(at_desk(manager).get(reverse("teams")))
    away = be_away(membership=town.a.worker, by=SYSTEM, **days)
    assert text(at_desk(manager).get(reverse("teams"))).count(said) == 1
    assert "iedereen van het team is afwezig: Team A." in text(
        at_desk(manager).get(reverse("today"))
    )
    assert "Team A." not in text(at_desk(town.b.coordinator).get(reverse("today")))
    name_cover(absence=away, cover=town.b.worker, by=SYSTEM)  # who reads nothing of this team
    assert text(at_desk(manager).get(reverse("teams"))).count(said) == 1
    appoint(person=town.b.worker.person, organisation=town.a.worker.organisation, team=town.a.team,
            role=Role.TEAM_MEMBER, starts_on=timezone.localdate(), by=SYSTEM)  # fmt: skip
    assert said not in text(at_desk(manager).get(reverse("teams")))


# asking the resident


def asked_online(town, question, **more):
    words = {"to_team": str(town.b.team.pk), "asked": "Kan zij meedoen?", "tried": "Buur.",
             "best_moment": "ochtend"}  # fmt: skip
    return ask_resident(
        question=question, to_team=town.b.team, categories=(Category.STORY,), words=words,
        by=town.a.by, now=now(), **more,
    )  # fmt: skip


def sharing(question):
    return reverse("my-sharing", args=[question.pk])


def test_asking_online_keeps_the_words_and_sets_the_clock(town, question, at_desk):
    today = timezone.localdate()
    Question.objects.update(due_on=today + timedelta(days=60))
    browser = at_desk(town.a.worker)
    answer = browser.post(offer_path(question), filled(town, ground="ask", resident_knows=""))
    assert answer.status_code == 302 and not Handover.objects.exists()
    assert OfferDraft.objects.get().words["asked"] == "Kan zij meedoen?"
    assert "Kan zij meedoen?" in text(browser.get(offer_path(question)))
    mail = Message.objects.get(key__endswith="consent-asked")
    assert "Rina" not in mail.body and "Kan zij" not in mail.body
    question.refresh_from_db()
    # H9: somebody looks when nobody answers, five working days after (casework 3.9).
    assert question.due_on == add_working_days(today, 5)


@pytest.mark.parametrize(
    "answer,standing,kind,words",
    [
        ("yes", What.GIVEN, "allowed", "er is ja gezegd op delen"),
        ("no", What.REFUSED, "refused", "er is nee gezegd op delen"),
    ],
)
def test_the_resident_says_yes_or_no(town, question, at_desk, answer, standing, kind, words):
    ground = asked_online(town, question)
    browser = at_desk(town.resident)
    seen = text(browser.get(sharing(question)))
    assert "Team B" in seen and "Kan zij meedoen?" in seen and STORY in seen
    browser.post(sharing(question), {"doe": answer, "over": str(ground.pk)})
    assert standing_of(ground, at=now()) == standing
    assert [one.kind for one in Task.objects.filter(question=question)] == [kind]
    inbox = at_desk(town.a.worker).get(reverse("inbox"))
    assert words in text(inbox) and "ging niet door" not in text(inbox)
    assert (f'href="{offer_path(question)}"' in inbox.content.decode()) is (answer == "yes")
    again = browser.post(sharing(question), {"doe": answer, "over": str(ground.pk)})
    assert again.status_code == 409


@pytest.mark.parametrize(
    "case,told",
    [
        ("asked", {"wim a"}), ("held by another", {"wim a", "cora a"}), ("covered", {"cora a"}),
        ("away", {"wim a", "cora a"}), ("gone", {"cora a"}), ("team", {"team@voorbeeld.nl"}),
    ],
)  # fmt: skip
def test_the_answer_goes_to_who_asked_and_who_holds_it(town, question, case, told):
    wim, cora, today = town.a.worker, town.a.coordinator, timezone.localdate()
    ground = asked_online(town, question)
    if case == "held by another":
        Question.objects.filter(pk=question.pk).update(holder=cora)
    if case in ("covered", "away"):
        be_away(membership=wim, first_on=today, last_on=today + timedelta(9),
                cover=cora if case == "covered" else None, by=SYSTEM)  # fmt: skip
    if case in ("gone", "team"):
        Membership.objects.filter(pk=wim.pk).update(ended_at=now())
    if case == "team":
        Team.objects.filter(pk=town.a.team.pk).update(email="team@voorbeeld.nl")
    Message.objects.all().delete()
    answer_consent(question=question, ground=ground, is_given=True, by=town.me, now=now())
    mails = Message.objects.filter(key__contains=":consent-given:")
    names = {wim.person.email: "wim a", cora.person.email: "cora a"}
    assert {names.get(one.recipient, one.recipient) for one in mails} == told
    assert all(may_still_go(one) for one in mails)


@pytest.mark.parametrize(
    "knew,answer,is_ticked", [("on", "yes", True), ("", "yes", True), ("on", "no", False)]
)
def test_after_a_yes_online_what_was_written_can_be_sent_as_it_stands(
    town, question, at_desk, knew, answer, is_ticked
):
    browser = at_desk(town.a.worker)
    browser.post(offer_path(question), filled(town, ground="ask", resident_knows=knew))
    before = browser.get(offer_path(question)).context["form"]
    assert not before["resident_knows"].value()
    ground = Ground.objects.get()
    at_desk(town.resident).post(sharing(question), {"doe": answer, "over": str(ground.pk)})
    form = browser.get(offer_path(question)).context["form"]
    assert form["resident_knows"].value() is is_ticked
    sent = {name: value for name in form.fields if (value := form[name].value())}
    answer = browser.post(offer_path(question), {**sent, "doe": "offer"})
    assert Handover.objects.exists() is is_ticked
    assert answer.status_code == (302 if is_ticked else 400)


def test_a_yes_taken_back_ends_what_rests_on_it(town, slip, at_desk):
    receiver = at_desk(town.b.worker)
    assert receiver.get(reverse("handover", args=[slip.pk])).status_code == 200
    ground = Ground.objects.get()
    at_desk(town.resident).post(sharing(slip.question), {"doe": "stop", "over": str(ground.pk)})
    slip.refresh_from_db()
    assert slip.state == State.WITHDRAWN
    assert receiver.get(reverse("handover", args=[slip.pk])).status_code == 410
    assert "Ingetrokken" in text(at_desk(town.resident).get(sharing(slip.question)))


def test_who_chooses_to_ask_asks_also_where_a_yes_stands(town, question, at_desk):
    consent(town, town.b)
    asks = filled(town, ground="ask", resident_knows="")
    browser = at_desk(town.a.worker)
    assert browser.post(offer_path(question), asks).status_code == 302
    assert not Handover.objects.exists() and OfferDraft.objects.exists()
    assert "Er is nog geen antwoord." in text(browser.get(offer_path(question)))
    (asked,) = (g for g in Ground.objects.all() if standing_of(g, at=now()) == What.ASKED)
    resident = at_desk(town.resident)
    resident.post(sharing(question), {"doe": "no", "over": str(asked.pk)})
    assert not Ground.objects.holding(at=now()).exists(), "the no ends what stood"
    seen = text(browser.get(offer_path(question)))
    assert "nee. Kies samen een andere stap." in seen and "Er is nog geen antwoord." not in seen


def test_a_no_ends_the_open_offer_that_rests_on_an_older_yes(town, slip):
    question = slip.question
    ground = asked_online(town, question)
    answer_consent(question=question, ground=ground, is_given=False, by=town.me, now=now())
    slip.refresh_from_db()
    assert slip.state == State.WITHDRAWN


def test_a_yes_that_was_heard_is_told_to_the_resident(town, question, at_desk):
    at_desk(town.a.worker).post(offer_path(question), filled(town))
    ground = Ground.objects.get()
    mail = Message.objects.get(key=f"ground:{ground.pk}:consent-recorded")
    assert mail.recipient == town.resident.email and sharing(question) in mail.body
    assert "Team B" not in mail.body and "Rina" not in mail.body
    seen = text(at_desk(town.resident).get(sharing(question)))
    assert "Het team schreef op dat je dit zei." in seen


def test_nobody_writes_down_that_somebody_else_said_yes_online(town, question, at_desk):
    page = at_desk(town.a.worker)
    assert "online aan" not in text(page.get(offer_path(question)))
    assert page.post(offer_path(question), filled(town, how="online")).status_code == 400
    online = Heard(how=How.ONLINE, categories=())
    with pytest.raises(people.NotAllowed):
        let_share(question=question, team=town.b.team, ground=online, by=town.a.by, now=now())
    assert not Ground.objects.exists()


@pytest.mark.parametrize("mail,ways", [("rina@meierijstad.example", ["ask"]), ("", [])])
def test_who_may_not_record_is_offered_no_way_to_do_so(town, question, at_desk, mail, ways):
    Person.objects.filter(pk=town.resident.pk).update(email=mail)
    boss = at_desk(town.a.coordinator)
    answer = boss.get(offer_path(question))
    offered = [value for value, _ in answer.context["form"].fields["ground"].choices if value]
    assert offered == ways
    assert "Ik leg dat hier vast" not in text(answer)
    assert ("Hoe weet je dat?" in text(answer)) is bool(ways)
    assert ("heeft geen mailadres" in text(answer)) is not bool(ways)
    assert "Bel." not in text(answer), "a call gives no yes that this role may write down"
    for ground in ("heard", "law"):
        refused = boss.post(offer_path(question), filled(town, ground=ground))
        assert refused.status_code == 400 and not Ground.objects.exists()
    both = at_desk(town.a.worker).get(offer_path(question)).context["form"].fields["ground"]
    assert [value for value, _ in both.choices if value] == ["heard", *ways, "law"]


def test_shortly_after_an_online_no_a_spoken_yes_needs_a_word(town, question, at_desk):
    browser, resident = at_desk(town.a.worker), at_desk(town.resident)
    ground = consent(town, town.b)
    resident.post(sharing(question), {"doe": "stop", "over": str(ground.pk)})
    question.refresh_from_db()
    post = filled(town, version=question.version)
    answer = browser.post(offer_path(question), post)
    assert answer.status_code == 400 and "online nee tegen delen met dit team" in text(answer)
    assert 'name="after_no"' in answer.content.decode() and not Handover.objects.exists()
    assert not Message.objects.filter(key__endswith="consent-recorded").exists()
    assert browser.post(offer_path(question), post | {"after_no": "on"}).status_code == 302
    assert Message.objects.filter(key__endswith="consent-recorded").count() == 1


def test_a_no_of_longer_ago_is_shown_and_does_not_hold_up(town, question, at_desk):
    ground = consent(town, town.b)
    take_back(question=question, ground=ground, by=town.me, now=now())
    heard = Heard(how=How.SPOKEN, categories=())
    common = {"question": question, "team": town.b.team, "ground": heard, "by": town.a.by}
    with pytest.raises(SaidNo):
        let_share(now=now() + timedelta(hours=23), **common)
    assert "nee." in text(at_desk(town.a.worker).get(offer_path(question)))
    let_share(now=now() + timedelta(hours=25), **common)


def test_one_stop_ends_every_yes_for_that_team(town, question, at_desk):
    consent(town, town.b, categories=[Category.CONTACT])
    consent(town, town.b)
    other = consent(town, town.c)
    slip = an_offer(question, town.b, town, now=now())
    resident, receiver = at_desk(town.resident), at_desk(town.b.worker)
    page = resident.get(sharing(question)).content.decode()
    assert page.count('value="stop"') == 2, "one card a team"
    ground = Ground.objects.filter(recipients__team=town.b.team).first()
    resident.post(sharing(question), {"doe": "stop", "over": str(ground.pk)})
    slip.refresh_from_db()
    assert slip.state == State.WITHDRAWN
    assert receiver.get(path_of(slip)).status_code == 410
    assert list(Ground.objects.holding(at=now())) == [other], "another team keeps its own"
    assert "Vanaf nu ziet Team B niets meer" in text(resident.get(sharing(question)))


def test_one_stop_ends_a_yes_for_the_whole_organisation_too(town, question):
    from omzien.people.actions.grounds import Terms, give_consent

    ours = consent(town, town.c)
    whole = {"organisations": [town.c.team.organisation], "starts_on": timezone.localdate()}
    terms = Terms(purpose="handover", categories=[Category.CONTACT], **whole)
    give_consent(person=town.resident, terms=terms, by=town.me)
    slip = an_offer(question, town.c, town, now=now())
    assert take_back(question=question, ground=ours, by=town.me, now=now()) == 1
    slip.refresh_from_db()
    assert slip.state == State.WITHDRAWN


def test_a_law_stands_and_the_sentence_says_so(town, question, at_desk):
    ground = consent(town, town.b)
    law = ByLaw(kind=GroundKind.LEGAL_TASK, article="2.3.2 Wmo", explanation="Nodig.",
                categories=(), is_informed=True)  # fmt: skip
    let_share(question=question, team=town.b.team, ground=law, by=town.a.by, now=now())
    slip = an_offer(question, town.b, town, now=now())
    browser = at_desk(town.resident)
    browser.post(sharing(question), {"doe": "stop", "over": str(ground.pk)})
    slip.refresh_from_db()
    assert slip.is_open
    seen = text(browser.get(sharing(question)))
    assert "Wat een wet laat delen, mag Team B nog zien." in seen and "niets meer" not in seen


@pytest.mark.parametrize("where", ["delen", "deel-niet-meer"])
def test_who_helps_now_still_reads_and_the_page_says_so(town, accepted, at_desk, where):
    row = met(town, accepted)
    ground, browser = Ground.objects.get(), at_desk(town.resident)
    seen = text(browser.get(sharing(row.question)))
    assert "Dit team helpt je nu. Daarom leest het alles van deze vraag" in seen
    browser.post(
        f"/mijn-vragen/{row.question_id}/{where}",
        {"doe": "stop", "over": str(ground.pk), "ground": str(ground.pk)},
    )
    seen = text(browser.get(sharing(row.question)))
    assert "Team B helpt je nu, en leest deze vraag daarom nog." in seen
    assert "niets meer" not in seen and not Ground.objects.holding(at=now()).exists()


def test_a_ground_of_somebody_else_is_not_there(town, question, at_desk, world):
    from omzien.people.actions.grounds import Terms, give_consent
    from tests.signing import person

    other = person(town.municipality, "Ander Mens")
    from omzien.journal.isolation import choose

    choose("GM1948")
    terms = Terms(purpose="handover", categories=[Category.CONTACT], teams=[town.b.team],
                  starts_on=timezone.localdate(), how=How.SPOKEN)  # fmt: skip
    theirs = give_consent(person=other, terms=terms, by=town.a.by)
    for over in (str(theirs.pk), "x", ""):
        answer = at_desk(town.resident).post(sharing(question), {"doe": "stop", "over": over})
        assert answer.status_code == 404
    assert at_desk(other).get(sharing(question)).status_code == 404
    assert at_desk(town.a.worker).get(sharing(question)).status_code == 403


def test_the_resident_stops_an_offer(town, slip, at_desk):
    at_desk(town.resident).post(sharing(slip.question), {"doe": "withdraw", "over": str(slip.pk)})
    slip.refresh_from_db()
    assert (slip.state, slip.withdraw_reason) == (State.WITHDRAWN, "resident")


def met(town, accepted, desk=None):
    return meet(
        handover=accepted, met_on=timezone.localdate(), met_by=ContactKind.PHONE,
        resident_was_there=True, by=(desk or town.b).by, now=now(),
    )  # fmt: skip


def test_a_contact_that_was_not_there_goes_to_a_coordinator(town, accepted, at_desk):
    row = met(town, accepted)
    browser = at_desk(town.resident)
    assert "Dit gesprek was er niet" in text(browser.get(sharing(row.question)))
    post = {"doe": "dispute", "over": str(row.pk), "text": "Niemand belde."}
    assert browser.post(sharing(row.question), post).status_code == 302
    row.refresh_from_db()
    question = Question.objects.get(pk=row.question_id)
    assert question.team == town.b.team, "ownership stays where it is"
    task = Task.objects.get(kind="coordinator")
    assert task.team == town.b.team and Fact.objects.filter(verb="dispute").count() == 1
    told = set(Message.objects.filter(key__endswith="disputed").values_list("recipient", flat=True))
    assert told == {"cor.b@meierijstad.example"}
    objection = Objection.objects.get()
    assert objection.handler == town.a.coordinator and "Niemand belde." in objection.why
    path = reverse("objection", args=[objection.pk])
    boss = at_desk(town.a.coordinator)
    shown = text(boss.get(path))
    assert "Niemand belde." in shown and town.resident.phone in shown
    assert town.resident.email in shown and question.reference in text(boss.get("/werk/bezwaren"))
    letter = Message.objects.get(key__startswith="objection:")
    assert letter.recipient == "cor.a@meierijstad.example" and path in letter.body
    dispute(handover=row, text="", by=town.me, now=now())  # twice is once
    assert Task.objects.filter(kind="coordinator").count() == Objection.objects.count() == 1
    seen = text(at_desk(town.b.worker).get(reverse("handover", args=[row.pk])))
    assert "De inwoner zegt: dit gesprek was er niet" in seen and "Niemand belde." not in seen


def test_while_the_talk_is_disputed_the_new_owner_closes_nothing(town, accepted, at_desk):
    slip = meet(handover=accepted, met_on=timezone.localdate(), met_by=ContactKind.PHONE,
                resident_was_there=True, by=town.b.by, now=now())  # fmt: skip
    dispute(handover=slip, text="", by=town.me, now=now())
    end = {"question": slip.question, "result": Result.SOLVED, "rung_reached": Rung.SELF,
           "is_told": True, "by": town.b.by}  # fmt: skip
    with pytest.raises(StillOpen) as found:
        close(now=now(), **end)
    assert found.value.what == ("dispute",)
    page = text(at_desk(town.b.worker).get(reverse("question", args=[slip.question_id])))
    assert "De inwoner zegt dat het eerste gesprek er niet was." in page
    answer_objection(
        objection=Objection.objects.get(), answer="We belden.", by=town.a.boss, now=now()
    )
    close(now=now(), **end)


def test_where_the_new_owner_has_no_coordinator_it_gets_no_task_about_itself(town, accepted):
    row = met(town, accepted)
    Membership.objects.filter(pk=town.b.coordinator.pk).update(team=town.c.team)
    dispute(handover=row, text="", by=town.me, now=now())
    assert not Task.objects.filter(kind="coordinator").exists()
    assert Objection.objects.get().handler == town.a.coordinator
    assert not Message.objects.filter(key__endswith="disputed").exists()


# answering


def path_of(slip):
    return reverse("handover", args=[slip.pk])


def test_the_receiver_sees_the_package_and_no_story_without_a_ground(town, slip, at_desk):
    seen = text(at_desk(town.b.worker).get(path_of(slip)))
    assert "Rina Roos" in seen and "06-5550 0001" in seen and WHAT.asked in seen
    assert STORY not in seen and "Zeg ja of nee, uiterlijk" in seen


def test_the_story_comes_with_its_own_ground(town, question, at_desk):
    consent(town, town.b)
    slip = an_offer(question, town.b, town, now=now())
    assert STORY in text(at_desk(town.b.worker).get(path_of(slip)))


def test_a_third_team_sees_no_handover(town, slip, at_desk):
    for address in (path_of(slip), path_of(slip) + "/fhir.json", path_of(slip) + "/afspraak.ics"):
        assert at_desk(town.c.worker).get(address).status_code == 404


def test_accepting_is_one_field_and_one_button(town, slip, at_desk):
    browser = at_desk(town.b.worker)
    assert 'value="Wim B"' in browser.get(path_of(slip)).content.decode()
    yes = {"doe": "accept", "accept-version": 1, "accept-contact_name": "Wim"}
    browser.post(path_of(slip), yes)
    slip.refresh_from_db()
    assert slip.state == State.ACCEPTED
    assert "Wim belt de inwoner" in text(at_desk(town.a.worker).get(path_of(slip)))


def test_declining_asks_why_and_what_next(town, slip, at_desk):
    browser = at_desk(town.b.worker)
    no = {"doe": "decline", "decline-version": 1, "decline-reason": "not-reached"}
    answer = browser.post(path_of(slip), no)
    assert answer.status_code == 400 and "Schrijf wie wel kan helpen" in text(answer)
    no |= {"decline-text": "Drie keer gebeld.", "decline-suggestion": "De huisarts"}
    assert browser.post(path_of(slip), no)["Location"] == reverse("handovers")
    sender = text(at_desk(town.a.worker).get(path_of(slip)))
    assert "De huisarts" in sender and "We krijgen de inwoner niet te pakken" in sender


def test_who_is_late_sees_what_happened_and_keeps_the_words(town, slip, at_desk):
    browser = at_desk(town.b.worker)
    withdraw(handover=slip, by=town.a.by, now=now())
    no = {"doe": "decline", "decline-version": 1, "decline-reason": "full",
          "decline-text": "We hebben een lange lijst.", "decline-dont_know": "on"}  # fmt: skip
    assert browser.post(path_of(slip), no).status_code == 410  # it is not theirs to see any more
    sender = at_desk(town.a.worker)
    late = sender.post(path_of(slip), {"doe": "withdraw", "withdraw-version": 1,
                                       "withdraw-reason": "Toch niet."})  # fmt: skip
    assert late.status_code == 409 and "Toch niet." in text(late) and "Ingetrokken" in text(late)


def test_a_colleague_was_first(town, slip, accepted, at_desk):
    late = at_desk(town.b.worker).post(
        path_of(slip),
        {"doe": "accept", "accept-version": 1, "accept-contact_name": "Iemand Anders"},
    )
    assert late.status_code == 409 and "Iemand Anders" in text(late)
    assert "Wim B belt de inwoner" in text(late)


def test_the_first_contact_moves_the_question(town, accepted, at_desk):
    browser = at_desk(town.b.worker)
    day = timezone.localdate()
    wrong = {"doe": "meet", "meet-version": 2, "meet-met_by": "visit", "meet-was_there": "no",
             "meet-met_on": f"{day + timedelta(days=1):%d-%m-%Y}"}  # fmt: skip
    assert browser.post(path_of(accepted), wrong).status_code == 400
    browser.post(path_of(accepted), wrong | {"meet-met_on": f"{day:%d-%m-%Y}"})
    assert Question.objects.get(pk=accepted.question_id).team == town.b.team
    sender = text(at_desk(town.a.worker).get(path_of(accepted)))
    assert "Overgedragen" in sender and "Rina" not in sender and STORY not in sender


def test_the_resident_reads_until_when_an_earlier_team_helped(town, accepted, at_desk):
    met(town, accepted)
    question = Question.objects.get()
    resident, mine = at_desk(town.resident), reverse("my-question", args=[question.pk])
    first = text(resident.get(mine))
    assert "Team B , zij helpen nu" in first and "hielp tot" not in first and "mag nu" in first
    consent(town, town.c)
    beside = text(resident.get(sharing(question)))
    assert "Dit team leest deze vraag nu niet" in beside, "a yes alone shows nothing to nobody"
    slip = an_offer(question, town.c, town, now=now())
    assert "Dit team leest deze vraag nu niet" not in text(resident.get(sharing(question)))
    accept(handover=slip, contact_name="Wim C", by=town.c.by, now=now())
    slip.refresh_from_db()
    met(town, slip, town.c)
    seen, told = text(resident.get(mine)), text(resident.get(sharing(question)))
    assert seen.count("zij helpen nu") == 1 and "Bureau C , zij helpen nu" in seen
    assert "Team B , hielp tot" in seen
    assert seen.count("mag nu") == 1 and "het leest nu niet mee" in seen
    assert told.count("Dit team leest deze vraag nu niet") == 1
    assert told.count("Dit team leest je vraag niet meer.") == 1
    old = at_desk(town.b.worker)
    assert old.get(reverse("question", args=[question.pk])).status_code == 404
    left = text(old.get(path_of(slip)))
    assert "Overgedragen" in left and WHAT.asked not in left and "Rina" not in left
    kept = at_desk(town.resident).get(reverse("my-file", args=[question.pk, "json"]))
    assert "hielp tot" in kept.content.decode()
    question.refresh_from_db()
    done = {"result": Result.SOLVED, "rung_reached": Rung.GENERAL, "is_told": True}
    close(question=question, by=town.c.by, now=now(), **done)
    ended = text(resident.get(mine))
    assert "helpen nu" not in ended and "Bureau C , hielp tot" in ended and "mag nu" not in ended


def test_after_it_the_sender_sees_the_class_of_the_result_only(town, accepted, at_desk):
    row = met(town, accepted)
    browser = at_desk(town.b.worker)
    browser.post(path_of(row), {"doe": "report", "report-version": 3, "report-result": "partly"})
    seen = text(at_desk(town.a.worker).get(path_of(row)))
    assert "Voor een deel opgelost" in seen and "Rina" not in seen


def test_the_list_names_nobody(town, slip, at_desk):
    for desk, words in ((town.b, "Van Team A"), (town.a, "Aan Team B")):
        seen = text(at_desk(desk.worker).get(reverse("handovers")))
        assert words in seen and slip.question.reference in seen and "Rina" not in seen
    seen = text(at_desk(town.b.worker).get(reverse("inbox")))
    assert f"Van Team A, {slip.question.reference}" in seen
    answer = at_desk(town.b.worker).post(
        reverse("handovers"), {"capacity": "waiting-list", "note": "Zes weken"}
    )
    assert answer.status_code == 302 and town.b.team.room.note == "Zes weken"


def test_pages_ask_a_fixed_number_of_queries(town, slip, at_desk):
    counts = {}
    for who, path, most in (
        (town.b.worker, path_of(slip), 17),
        (town.a.worker, path_of(slip), 16),
        (town.b.worker, reverse("handovers"), 17),
        (town.resident, sharing(slip.question), 20),
        (town.a.worker, reverse("along", args=[slip.question_id]), 18),
        (town.a.worker, reverse("handovers-fhir"), 12),
    ):
        browser = at_desk(who)
        browser.get(path)
        with CaptureQueriesContext(connection) as seen:
            assert browser.get(path).status_code == 200
        counts[path] = (len(seen), most)
    assert all(count <= most for count, most in counts.values()), counts


# the talk of three


def test_the_talk_of_three_is_in_every_calendar_without_a_story(town, accepted, at_desk):
    browser = at_desk(town.a.worker)
    tomorrow = timezone.localdate() + timedelta(days=1)
    plan = {"doe": "plan", "plan-version": 2, "plan-day": f"{tomorrow:%d-%m-%Y}",
            "plan-time": "14.30", "plan-place": "Buurthuis, Schijndel"}  # fmt: skip
    assert browser.post(path_of(accepted), plan | {"plan-day": "1-1-2020"}).status_code == 400
    assert browser.post(path_of(accepted), plan).status_code == 302
    files = [
        at_desk(town.a.worker).get(path_of(accepted) + "/afspraak.ics"),
        at_desk(town.b.worker).get(path_of(accepted) + "/afspraak.ics"),
        at_desk(town.resident).get(reverse("my-calendar", args=[accepted.question_id])),
    ]
    bodies = {one.content.decode() for one in files}
    assert len(bodies) == 1
    body = bodies.pop()
    assert "LOCATION:Buurthuis\\, Schijndel\r\n" in body and "SUMMARY:Kennismaking" in body
    for word in ("Rina", "Roos", STORY[:10], WHAT.asked[:10], "06-"):
        assert word not in body
    told = Message.objects.filter(key__contains="meeting-planned").values_list("recipient", "body")
    assert {one for one, _ in told} >= {"rina@meierijstad.example", "wim.b@meierijstad.example"}
    assert not any("Buurthuis" in body for _, body in told)


@pytest.fixture
def noon(monkeypatch):
    """Stop the clock at noon, later than what carries the real moment by itself."""
    moment = at(timezone.localdate() + timedelta(days=1), 12)
    monkeypatch.setattr(timezone, "now", lambda: moment)


def test_its_minutes_are_the_first_contact(noon, town, accepted, at_desk):
    starts = now() + timedelta(minutes=5)
    meeting = plan_meeting(
        handover=accepted, starts_at=starts, place="Buurthuis", by=town.b.by, now=now()
    )
    browser = at_desk(town.a.worker)
    row = Handover.objects.get()
    early = {"doe": "held", "held-version": row.version, "held-was_there": "yes"}
    assert browser.post(path_of(row), early).status_code == 400
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=now() - timedelta(minutes=5))
    browser.post(path_of(row), early)
    row.refresh_from_db()
    assert (row.state, row.met_by) == (State.HANDED_OVER, ContactKind.THREE_WAY)
    question = Question.objects.get(pk=row.question_id)
    assert question.team == town.b.team and question.holder is None, "the sender holds nothing"


def test_a_talk_called_off_is_in_no_calendar(town, accepted, at_desk):
    plan_meeting(
        handover=accepted, starts_at=now() + timedelta(days=1), place="X", by=town.b.by, now=now()
    )
    row = Handover.objects.get()
    at_desk(town.b.worker).post(path_of(row), {"doe": "cancel", "cancel-version": row.version})
    for who, path in (
        (town.b.worker, path_of(row) + "/afspraak.ics"),
        (town.resident, reverse("my-calendar", args=[row.question_id])),
    ):
        assert at_desk(who).get(path).status_code == 404


def test_the_resident_sees_the_talk_where_she_looks(town, accepted, at_desk):
    mine = reverse("my-question", args=[accepted.question_id])
    browser = at_desk(town.resident)
    assert "Er staat geen overleg met je gepland." in text(browser.get(mine))
    plan_meeting(handover=accepted, starts_at=now() + timedelta(days=1), place="Buurthuis Erp",
                 by=town.b.by, now=now())  # fmt: skip
    page = text(browser.get(mine))
    assert "Buurthuis Erp" in page and "Je maakt kennis met Team B." in page
    assert "Er staat geen overleg" not in page
    day = browser.get(reverse("today"))
    assert "Er staat 1 kennismaking met je gepland." in text(day)
    assert f'href="{mine}#overleg"' in day.content.decode()
    assert "Buurthuis Erp" in text(browser.get(f"{mine}/bestand.html"))


def _meets_by_phone(town, row):
    meet(handover=row, met_on=timezone.localdate(), met_by=ContactKind.PHONE,
         resident_was_there=True, by=town.b.by, now=now())  # fmt: skip


def _gives_back(town, row):
    return_question(handover=row, reason="Ziek", by=town.b.by, now=now())


def _stops_sharing(town, row):
    take_back(question=row.question, ground=Ground.objects.get(), by=town.me, now=now())


def _is_late(town, row):
    expire(handover=row, now=now() + timedelta(days=60))


@pytest.mark.parametrize("ends", [_meets_by_phone, _gives_back, _stops_sharing, _is_late])
def test_a_handover_that_ends_calls_the_talk_off_and_tells_all_three(town, accepted, ends):
    meeting = plan_meeting(handover=accepted, starts_at=now() + timedelta(days=1), place="X",
                           by=town.b.by, now=now())  # fmt: skip
    ends(town, Handover.objects.get())
    meeting.refresh_from_db()
    assert meeting.cancelled_at is not None
    told = Message.objects.filter(key__contains="meeting-cancelled")
    assert {one.recipient for one in told} == {
        "rina@meierijstad.example", "wim.a@meierijstad.example", "cor.a@meierijstad.example",
        "wim.b@meierijstad.example", "cor.b@meierijstad.example",
    }  # fmt: skip
    assert all(map(may_still_go, told))


# asking others along


def along(question):
    return reverse("along", args=[question.pk])


def test_a_referral_keeps_the_question_here(town, question, at_desk):
    browser = at_desk(town.a.worker)
    made = {"doe": "refer", "refer-version": 1, "refer-name": "Eetclub", "refer-text": "Samen eten"}
    assert browser.post(along(question), made).status_code == 302
    row = Referral.objects.get()
    move = {"over": str(row.pk), "version": 1}
    assert browser.post(along(question), move | {"doe": "referral:finish"}).status_code == 400
    browser.post(along(question), move | {"doe": "referral:finish", "result": "solved"})
    row.refresh_from_db()
    question.refresh_from_db()
    assert (row.state, row.result) == ("done", "solved") and question.team == town.a.team
    late = browser.post(along(question), move | {"doe": "referral:stop"})
    assert late.status_code == 409


@pytest.mark.parametrize(
    "words,said",
    [
        ("Mevrouw Roos komt niet buiten.", "de naam van de inwoner"),
        ("RINA wil graag mee.", "de naam van de inwoner"),
        ("Bel 06 5550 0001 even.", "een telefoonnummer"),
        ("Mail rina@meierijstad.example", "een mailadres"),
        ("Zie ook iemand@anders.example", "een mailadres"),
    ],
)
def test_a_question_for_advice_tells_nobodys_name(town, question, at_desk, words, said):
    post = {"doe": "advice", "advice-version": 1, "advice-to_team": str(town.b.team.pk),
            "advice-text": words}  # fmt: skip
    answer = at_desk(town.a.worker).post(along(question), post)
    assert answer.status_code == 400 and said in text(answer) and words in text(answer)
    assert not Consult.objects.exists()


def test_advice_shows_the_text_and_no_way_to_the_person(town, question, at_desk):
    row = ask_advice(question=question, to_team=town.b.team, by=town.a.by, now=now(),
                     text="Iemand van 70 durft niet naar buiten. Rinahuis?.")  # fmt: skip
    path = reverse("consult", args=[row.pk])
    browser = at_desk(town.b.worker)
    body = browser.get(path).content.decode()
    assert "Iemand van 70" in body
    for secret in (str(question.pk), question.reference, "Rina Roos", "Schijndel</"):
        assert secret not in body
    assert not Question.objects.visible_to(town.b.by, verb="contact.read").exists()
    assert browser.post(path, {"doe": "answer", "version": 1, "answer": ""}).status_code == 400
    browser.post(path, {"doe": "answer", "version": 1, "answer": "Probeer een wandelmaatje."})
    assert "wandelmaatje" in text(at_desk(town.a.worker).get(path))
    assert at_desk(town.c.worker).get(path).status_code == 404


def test_who_answers_a_question_for_advice_too_late_reads_that_one_again(town, question, at_desk):
    for words in ("Hoe durft iemand weer?", "Wat helpt tegen piekeren?"):
        row = ask_advice(question=question, to_team=town.b.team, by=town.a.by, now=now(),
                         text=words)  # fmt: skip
    path, browser = reverse("consult", args=[row.pk]), at_desk(town.b.worker)
    answer = {"doe": "answer", "version": 1, "answer": "Een wandelmaatje."}
    assert browser.post(path, answer).status_code == 302
    late = browser.post(path, answer | {"answer": "Een luisterend oor."})
    assert late.status_code == 409 and "Een luisterend oor." in text(late)
    assert "piekeren" in text(late) and "durft" not in text(late)


def test_what_another_team_answered_stands_on_the_list_of_who_asked(town, question, at_desk):
    pick_up(question=question, by=town.a.by, now=now())
    advice = ask_advice(question=question, to_team=town.b.team, text="Wat past?", by=town.a.by,
                        now=now())  # fmt: skip
    consent(town, town.c)
    part = involve(question=question, team=town.c.team, part="x", by=town.a.by, now=now())
    inbox = reverse("inbox")
    assert "raad" not in text(at_desk(town.a.worker).get(inbox)).replace("Raad van", "")
    move_consult(consult=advice, name="answer", answer="Een maatje.", by=town.b.by, now=now())
    move_involvement(involvement=part, name="decline", reason="Vol", by=town.c.by, now=now())
    found = text(at_desk(town.a.worker).get(inbox))
    assert ADVISED in found and ANSWERED in found
    assert set(Task.objects.values_list("holder", flat=True)) == {town.a.worker.pk}
    assert "Team B" not in found and not Task.objects.visible_to(town.b.by).exists()


def test_that_there_is_an_answer_follows_who_holds_the_question(town, question, at_desk):
    pick_up(question=question, by=town.a.by, now=now())
    advice = ask_advice(question=question, to_team=town.b.team, text="Wat past?", by=town.a.by,
                        now=now())  # fmt: skip
    move_consult(consult=advice, name="answer", answer="Een maatje.", by=town.b.by, now=now())
    own = add_task(question=question, what="Bel de zus", due_on=timezone.localdate(),
                   holder=town.a.worker, by=town.a.by, now=now())  # fmt: skip
    told = Task.objects.get(what=ADVISED)
    assert told.holder == town.a.worker
    boss = town.a.coordinator
    give_to(question=question, holder=boss, by=as_actor(boss), now=now())
    told.refresh_from_db()
    own.refresh_from_db()
    assert told.holder == boss and own.holder == town.a.worker, "a promise stays with who made it"
    consent(town, town.b)
    slip = an_offer(question, town.b, town, now=now())
    met(town, accept(handover=slip, contact_name="Wim B", by=town.b.by, now=now()))
    told.refresh_from_db()
    own.refresh_from_db()
    assert told.done_at is not None, "who takes over asked for no advice"
    assert (own.team, own.done_at) == (town.b.team, None), "what was promised goes along"
    assert "Team B" in text(at_desk(town.b.worker).get(along(question))), "and finds it here"


def test_who_takes_the_next_step_of_the_desk_s_question_gets_what_waits_there(town, question):
    advice = ask_advice(question=question, to_team=town.b.team, text="Wat past?", by=town.a.by,
                        now=now())  # fmt: skip
    move_consult(consult=advice, name="answer", answer="Een maatje.", by=town.b.by, now=now())
    assert Task.objects.get(what=ADVISED).holder is None
    pick_up(question=question, by=town.a.by, now=now())
    give_to(question=question, holder=None, by=as_actor(town.a.coordinator), now=now())
    go_on(question=question, rung=Rung.SELF, next_action="Wandelen", next_on=timezone.localdate(),
          by=town.a.by, now=now())  # fmt: skip
    assert Task.objects.get(what=ADVISED).holder == town.a.worker


def test_who_joined_finds_the_question_on_the_own_list(town, question, at_desk):
    ground = consent(town, town.b)
    part = involve(question=question, team=town.b.team, part="De papieren", by=town.a.by, now=now())
    inbox, other = reverse("inbox"), at_desk(town.b.worker)
    assert "Je team doet mee" not in text(other.get(inbox))
    move_involvement(involvement=part, name="join", by=town.b.by, now=now())
    lines = AccessLine.objects.filter(about=town.resident.pk).count()
    page = other.get(inbox)
    found = text(page)
    assert "Rina Roos : De papieren De vraag is van Team A." in found
    assert f'href="{along(question)}"' in page.content.decode()
    assert AccessLine.objects.filter(about=town.resident.pk).count() == lines + 1
    assert "Je team doet mee" not in text(at_desk(town.a.worker).get(inbox))
    take_back(question=question, ground=ground, by=town.me, now=now())
    assert "Rina Roos" not in text(other.get(inbox))


def test_what_a_discussion_decides_for_a_team_comes_to_that_team(town, question, at_desk):
    consent(town, town.b)
    browser, page = at_desk(town.a.worker), reverse("discussions", args=[question.pk])
    plan = Plan(purpose="Wie doet wat?", at=now() + timedelta(days=2), teams=[town.b.team.pk])
    talk = plan_discussion(question=question, plan=plan, by=town.a.by, now=now())
    assert 'name="part"' not in browser.get(page).content.decode(), "nobody joined yet"
    part = involve(question=question, team=town.b.team, part="x", by=town.a.by, now=now())
    move_involvement(involvement=part, name="join", by=town.b.by, now=now())
    assert f'<option value="{part.pk}">Team B' in browser.get(page).content.decode()
    decided = {"what": "Brief lezen", "due_on": f"{timezone.localdate():%d-%m-%Y}"}
    browser.post(reverse("decide", args=[talk.pk]), decided | {"part": str(part.pk)})
    browser.post(reverse("decide", args=[talk.pk]), decided | {"part": "", "what": "Bellen"})
    browser.post(reverse("decide", args=[talk.pk]), decided | {"part": str(part.pk), "what": ""})
    tasks = dict(Task.objects.filter(kind="own").values_list("what", "team"))
    assert tasks["Brief lezen"] == town.b.team.pk and tasks["Bellen"] == town.a.team.pk
    assert talk.decisions.count() == 2
    assert "Team B: Brief lezen" in text(browser.get(page))
    assert "Brief lezen" in text(at_desk(town.b.worker).get(reverse("inbox")))
    mails = Message.objects.filter(key__endswith="along-task").values_list("recipient", flat=True)
    assert set(mails) == {"wim.b@meierijstad.example", "cor.b@meierijstad.example"}


def test_the_own_discussion_is_not_asked_of_the_own_team(town, question):
    consent(town, town.b)
    plan = Plan(purpose="Wie doet wat?", at=now() + timedelta(days=2), teams=[town.b.team.pk])
    talk = plan_discussion(question=question, plan=plan, by=town.a.by, now=now())
    today = timezone.localdate()
    assert not asked_of(town.a.by, on=today)
    assert [one.key for one in asked_of(town.b.by, on=today)] == [talk.pk]
    call_off_discussion(discussion=talk, by=town.a.by, now=now())
    assert not asked_of(town.b.by, on=today)


def test_a_team_that_works_along_sees_by_its_ground_and_has_tasks(town, question, at_desk):
    browser = at_desk(town.a.worker)
    ask = {"doe": "involve", "involve-version": 1, "involve-to_team": str(town.b.team.pk),
           "involve-text": "De administratie"}  # fmt: skip
    assert browser.post(along(question), ask).status_code == 400  # no ground
    ground = consent(town, town.b, categories=[Category.CONTACT])
    assert browser.post(along(question), ask).status_code == 302
    row = Involvement.objects.get()
    other = at_desk(town.b.worker)
    assert "Rina Roos" in text(other.get(along(question)))
    other.post(along(question), {"doe": "along:join", "over": str(row.pk), "version": 1})
    day = timezone.localdate() + timedelta(days=2)
    browser.post(along(question), {"doe": "task:add", "over": str(row.pk), "what": "Brief lezen",
                                   "due_on": f"{day:%d-%m-%Y}"})  # fmt: skip
    assert "Brief lezen" in text(other.get(along(question)))
    task = Task.objects.get(what="Brief lezen")
    other.post(along(question), {"doe": "task:done", "over": str(task.pk)})
    task.refresh_from_db()
    assert task.done_at is not None
    assert Question.objects.get().team == town.a.team, "one owner"

    def reads():
        return Question.objects.visible_to(town.b.by, verb="contact.read").exists()

    assert reads() and not Question.objects.visible_to(town.b.by).exists()
    from omzien.people.actions.grounds import withdraw as withdrawn

    withdrawn(ground=ground, by=town.me)
    assert not reads() and other.get(along(question)).status_code == 404


def test_a_team_joins_after_a_yes_that_was_asked_for_just_that(town, question, at_desk):
    browser, resident = at_desk(town.a.worker), at_desk(town.resident)
    page = reverse("discussions", args=[question.pk])
    assert f"{along(question)}#toestemming" in browser.get(page).content.decode()
    ask = {"doe": "consent", "consent-version": 1, "consent-to_team": str(town.b.team.pk),
           "consent-text": "De administratie", "consent-categories": ["story"]}  # fmt: skip
    assert browser.post(along(question), ask).status_code == 302
    assert browser.post(along(question), ask).status_code == 400  # asked before
    assert "Wacht op de inwoner" in text(browser.get(along(question)))
    seen = text(resident.get(sharing(question)))
    assert "De administratie" in seen and "Je vraag blijft van Team A." in seen
    assert "Dan is de vraag van hen" not in seen
    ground = Ground.objects.get()
    resident.post(sharing(question), {"over": str(ground.pk), "doe": "yes"})
    mail = Message.objects.get(key__contains="along-consent-given", recipient__startswith="wim")
    assert along(question) in mail.body
    assert "De inwoner zei ja" in text(browser.get(along(question)))
    with pytest.raises(NeedsGround):  # a yes to a part is no yes to a handover
        offer(question=question, to_team=town.b.team, offer=WHAT, by=town.a.by, now=now())
    invite = {"doe": "involve", "involve-version": 1, "involve-to_team": str(town.b.team.pk),
              "involve-text": "De administratie"}  # fmt: skip
    assert browser.post(along(question), invite).status_code == 302
    assert Question.objects.visible_to(town.b.by, verb="story.read").get() == question
    other = at_desk(town.b.worker)
    other.post(along(question), {"doe": "along:join", "over": str(Involvement.objects.get().pk),
                                 "version": 1})  # fmt: skip
    seen = text(resident.get(sharing(question)))
    assert "Teams die meedoen" in seen and "doet mee" in seen
    resident.post(sharing(question), {"over": str(ground.pk), "doe": "stop"})
    assert not Question.objects.visible_to(town.b.by, verb="contact.read").exists()
    assert other.get(along(question)).status_code == 410


def test_of_who_has_no_mail_a_spoken_yes_lets_a_team_join(town, question, at_desk):
    Person.objects.filter(pk=town.resident.pk).update(email="")
    browser = at_desk(town.a.worker)
    page = text(browser.get(along(question)))
    assert "online vragen kan niet. Bel." in page and "De inwoner zei ja. Leg het vast" in page
    heard = {"doe": "heard", "heard-version": 1, "heard-to_team": str(town.b.team.pk),
             "heard-text": "De administratie", "heard-categories": ["story"]}  # fmt: skip
    assert browser.post(along(question), heard | {"heard-how": "online"}).status_code == 400
    assert browser.post(along(question), heard | {"heard-how": "spoken"}).status_code == 302
    ground = Ground.objects.get()
    assert (ground.purpose, ground.how) == ("help", "spoken")
    assert ground.explanation == "De administratie" and "story" in ground.categories
    assert browser.post(along(question), heard | {"heard-how": "written"}).status_code == 400
    page = reverse("discussions", args=[question.pk])
    assert f'value="{town.b.team.pk}"' in browser.get(page).content.decode()
    involve(question=question, team=town.b.team, part="x", by=town.a.by, now=now())
    assert Question.objects.visible_to(town.b.by).get() == question
    with pytest.raises(NeedsGround):
        offer(question=question, to_team=town.b.team, offer=WHAT, by=town.a.by, now=now())
    for who in (town.b, town.c):
        with pytest.raises(NotAllowed):
            let_along(question=question, team=town.b.team, part="x", by=who.by, now=now(),
                      ground=Heard(how=How.SPOKEN, categories=()))  # fmt: skip


def test_shortly_after_an_online_no_to_a_part_a_spoken_yes_needs_a_word(town, question, at_desk):
    asked = ask_along(question=question, team=town.b.team, part="x", categories=(), by=town.a.by,
                      now=now())  # fmt: skip
    answer_consent(question=question, ground=asked, is_given=False, by=town.me, now=now())
    heard = {"doe": "heard", "heard-version": 1, "heard-to_team": str(town.b.team.pk),
             "heard-text": "De administratie", "heard-how": "spoken"}  # fmt: skip
    browser = at_desk(town.a.worker)
    answer = browser.post(along(question), heard)
    assert answer.status_code == 400 and 'name="heard-after_no"' in answer.content.decode()
    assert browser.post(along(question), heard | {"heard-after_no": "on"}).status_code == 302
    mail = Message.objects.get(key__endswith="consent-recorded")
    assert mail.recipient == town.resident.email


@pytest.mark.parametrize("shares", [["story"], ["story", "plan"]])
def test_who_is_asked_along_sees_what_was_shared_and_no_more(town, question, at_desk, shares):
    pick_up(question=question, by=town.a.by, now=now())
    Attempt.objects.create(municipality=town.municipality, question=question, rung="network",
                           result="failed", reason="Zij heeft niemand dichtbij.", offer="Buren",
                           started_on=timezone.localdate())  # fmt: skip
    go_on(question=question, rung=Rung.COMMUNITY, next_action="Samen naar de huiskamer",
          next_on=timezone.localdate(), by=town.a.by, now=now(), skipped="x")  # fmt: skip
    consent(town, town.b, categories=["contact", *shares])
    involve(question=question, team=town.b.team, part="x", by=town.a.by, now=now())
    path = reverse("question", args=[question.pk])
    page = text(at_desk(town.b.worker).get(path))
    assert STORY in page and "Rina Roos" in page
    for told in ("Zij heeft niemand dichtbij.", "Samen naar de huiskamer", "Wat er gebeurde"):
        assert (told in page) is ("plan" in shares), told
        assert told in text(at_desk(town.a.worker).get(path))


def test_who_works_along_gets_no_link_that_is_refused(town, question, at_desk):
    consent(town, town.b, categories=[Category.CONTACT, Category.STORY])
    part = involve(question=question, team=town.b.team, part="Papieren", by=town.a.by,
                   now=now() + timedelta(minutes=1))  # fmt: skip
    move_involvement(involvement=part, name="join", by=town.b.by, now=now())
    for who, count in ((town.b.worker, 2), (town.b.coordinator, 0), (town.a.worker, 8)):
        browser = at_desk(who)
        page = browser.get(along(question)).content.decode()
        tabs = page.partition('<ul class="tabs">')[2].partition("</ul>")[0]
        links = re.findall(r'href="([^"]+)"', tabs)
        assert len(links) == count
        assert {browser.get(link).status_code for link in links} <= {200}


def test_working_along_ends_and_its_tasks_come_home(town, question):
    consent(town, town.b)
    row = involve(question=question, team=town.b.team, part="x", by=town.a.by, now=now())
    move_involvement(involvement=row, name="join", by=town.b.by, now=now())
    from omzien.handovers.actions.along import give_task

    task = give_task(involvement=row, what="y", due_on=timezone.localdate(), by=town.a.by,
                     now=now())  # fmt: skip
    move_involvement(involvement=row, name="leave", by=town.b.by, now=now())
    task.refresh_from_db()
    assert task.team == town.a.team
    assert not Question.objects.visible_to(town.b.by).exists()


# files


def test_the_file_of_a_handover_names_nobody(town, slip, at_desk):
    answer = at_desk(town.a.worker).get(path_of(slip) + "/fhir.json")
    task = json.loads(answer.content)
    assert (task["resourceType"], task["status"], task["intent"]) == ("Task", "requested", "order")
    assert answer["Content-Type"].startswith("application/fhir+json")
    for word in ("Rina", "06-5550", STORY[:10]):
        assert word not in answer.content.decode()
    lines = at_desk(town.b.worker).get(reverse("handovers-fhir")).content.decode().splitlines()
    assert [json.loads(line)["id"] for line in lines] == [str(slip.pk)]


def test_archiving_a_team_that_works_along_is_refused_with_a_list(town, question):
    from omzien.handovers.actions.teams import archive_team
    from omzien.questions.refusals import TeamOwnsWork

    consent(town, town.b)
    involve(question=question, team=town.b.team, part="x", by=town.a.by, now=now())
    ask_advice(question=question, to_team=town.b.team, text="Hoe?", by=town.a.by, now=now())
    with pytest.raises(TeamOwnsWork) as caught:
        archive_team(team=town.b.team, by=SYSTEM)
    assert {kind for kind, _ in caught.value.what} == {"along", "advice"}


def test_the_result_is_asked_once_after_six_weeks(town, accepted):
    from omzien.handovers.actions.clock import run_clock

    row = met(town, accepted)
    moment = timezone.make_aware(datetime.combine(row.report_on, datetime.min.time()))
    moment += timedelta(hours=9)
    for _ in range(2):
        run_clock(municipality=town.municipality, now=moment)
    told = Message.objects.filter(key=f"handover:{row.pk}:report-due")
    assert sorted(told.values_list("recipient", flat=True)) == [
        "cor.b@meierijstad.example", "wim.b@meierijstad.example",
    ]  # fmt: skip


def test_who_received_reads_how_it_ended_and_nothing_of_anybody(town, slip, at_desk):
    receiver = at_desk(town.b.worker)
    withdraw(handover=slip, by=town.me, now=now())
    answer = receiver.get(path_of(slip))
    seen = text(answer)
    assert answer.status_code == 410 and "De inwoner wilde deze overdracht niet." in seen
    no = {"doe": "decline", "decline-version": 1, "decline-reason": "full",
          "decline-text": "Toch vol", "decline-suggestion": "Bureau C"}  # fmt: skip
    late = receiver.post(path_of(slip), no)
    assert late.status_code == 410 and "Toch vol" in text(late)
    assert "De inwoner wilde deze overdracht niet." in text(late)
    for word in ("Rina", "06-5550", STORY[:12], WHAT.asked, slip.question.reference):
        assert word not in seen + text(late)
    assert at_desk(town.c.worker).get(path_of(slip)).status_code == 404
    sender = text(at_desk(town.a.worker).get(path_of(slip)))
    assert "De inwoner wilde deze overdracht niet." in sender, "the sender reads who stopped it"


def test_a_look_at_what_is_gone_is_logged_as_refused(town, slip, at_desk):
    withdraw(handover=slip, by=town.me, now=now())
    at_desk(town.b.worker).get(path_of(slip))
    assert AccessLine.objects.latest("number").result == "refused"


@pytest.mark.parametrize("state", [State.EXPIRED, State.RETURNED, State.CONTACT_EXPIRED])
def test_every_end_has_its_words(town, slip, at_desk, state):
    ended = {"ended_at": now(), "due_on": None, "remind_on": None}
    Handover.objects.filter(pk=slip.pk).update(state=state, **ended)
    answer = at_desk(town.b.worker).get(path_of(slip))
    assert answer.status_code == 410 and str(GONE[state]) in text(answer)


def next_steps(question):
    return Task.objects.open().filter(question=question, kind__in=Task.STEPS)


def test_what_came_back_is_one_task_and_a_new_offer_is_the_next_step(town, slip, question):
    withdraw(handover=slip, by=town.me, now=now())
    assert next_steps(question).count() == 1
    ground = asked_online(town, question)
    assert not next_steps(question).exists(), "asking is a next step"
    answer_consent(question=question, ground=ground, is_given=False, by=town.me, now=now())
    other = asked_online(town, question)
    answer_consent(question=question, ground=other, is_given=True, by=town.me, now=now())
    assert next_steps(question).count() == 1
    an_offer(question, town.b, town, now=now())
    assert not next_steps(question).exists()


def test_two_things_that_come_back_are_one_task(town, slip, question):
    first, second = asked_online(town, question), asked_online(town, question)
    for ground in (first, second):
        answer_consent(question=question, ground=ground, is_given=False, by=town.me, now=now())
    assert next_steps(question).count() == 1


def test_the_receiver_gets_no_tasks_of_handovers_before_it(town, accepted):
    question = accepted.question
    old = {"municipality": town.municipality, "question": question, "team": town.a.team,
           "due_on": timezone.localdate(), "made_at": now()}  # fmt: skip
    Task.objects.create(kind="next-step", **old)
    own = Task.objects.create(kind="own", what="Bel de zus", **old)
    met(town, accepted)
    assert not next_steps(question).exists()
    own.refresh_from_db()
    assert own.team == town.b.team and own.done_at is None, "what was still to do goes along"


def test_after_the_first_talk_and_after_a_no_the_page_leads_to_the_question(
    town, accepted, question, at_desk
):
    met(town, accepted)
    there = reverse("question", args=[question.pk])
    assert there in at_desk(town.b.worker).get(path_of(accepted)).content.decode()
    assert there not in at_desk(town.a.worker).get(path_of(accepted)).content.decode()


def test_what_came_back_leads_to_the_question_and_a_next_team(town, slip, question, at_desk):
    withdraw(handover=slip, by=town.me, now=now())
    page = at_desk(town.a.worker).get(path_of(slip)).content.decode()
    assert reverse("question", args=[question.pk]) in page and offer_path(question) in page


def test_of_one_day_what_was_asked_first_stands_first(town, at_desk):
    consent(town, town.b)
    slips, due = {}, timezone.localdate() + timedelta(days=3)
    for n in (3, 1, 4, 0, 2):
        slip = an_offer(a_question(town, now=now()), town.b, town, now=now())
        Handover.objects.filter(pk=slip.pk).update(
            offered_at=now() - timedelta(minutes=n), due_on=due
        )
        slips[n] = slip.pk
    longest_first = [slips[n] for n in (4, 3, 2, 1, 0)]
    assert [one.key for one in asked_of(town.b.by, on=timezone.localdate())] == longest_first
    lists = at_desk(town.b.worker).get(reverse("handovers")).context
    assert [one.pk for one in lists["to_answer"]] == longest_first


# after a talk without the resident


def unseen(town, slip):
    return meet(
        handover=slip, met_on=timezone.localdate(), met_by=ContactKind.PHONE,
        resident_was_there=False, by=town.b.by, now=now(),
    )  # fmt: skip


def test_after_a_talk_without_the_resident_they_read_who_has_it_and_how_to_say_no(
    town, accepted, question, at_desk
):
    Team.objects.filter(pk=town.b.team.pk).update(phone="0413 555 010", email="b@x.example")
    unseen(town, accepted)
    question.refresh_from_db()
    assert question.team == town.b.team
    mail = Message.objects.get(recipient=town.resident.email, key__contains=":handed-over")
    assert "Je was niet bij het gesprek" in mail.body and "hoe je nee zegt" in mail.body
    assert may_still_go(mail) and "Team B" not in mail.subject + mail.body
    browser = at_desk(town.resident)
    for address in (reverse("my-question", args=[question.pk]), sharing(question)):
        found = browser.get(address).content.decode()
        assert "Team B heeft je vraag nu." in found and "Je was daar niet bij." in found
        assert "0413 555 010" in found and "mailto:b@x.example" in found
        assert reverse("object", args=[question.pk]) in found
    assert not Task.objects.filter(what=TELL).exists()


def test_of_a_question_that_went_on_the_old_team_reads_where(town, accepted, question, at_desk):
    pages = [
        reverse(name, args=[question.pk])
        for name in ("question", "conversation", "offer", "plan", "discussions")
    ]
    met(town, accepted)
    browser = at_desk(town.a.worker)
    for page in pages:
        answer = browser.get(page)
        seen = text(answer)
        assert answer.status_code == 404 and "Je team droeg deze vraag over aan Team B" in seen
        assert path_of(accepted) in answer.content.decode()
        assert "Rina" not in seen and STORY not in seen
    assert browser.get(path_of(accepted)).status_code == 200
    stranger = at_desk(town.c.worker).get(pages[0])
    nowhere = at_desk(town.c.worker).get(reverse("question", args=[uuid4()]))
    assert stranger.status_code == nowhere.status_code == 404
    assert "Team B" not in text(stranger) and text(stranger) == text(nowhere)
    close(question=Question.objects.get(), result=Result.SOLVED, rung_reached=Rung.SELF,
          is_told=True, by=town.b.by, now=now())  # fmt: skip
    ended = at_desk(town.b.worker).get(pages[0])
    assert ended.status_code == 404 and "Deze vraag is afgerond" in text(ended)
    place = f"{reverse('closed-questions')}#vraag-{question.reference}"
    assert place in ended.content.decode() and "Rina" not in text(ended)
    assert "Je team droeg deze vraag over" in text(browser.get(pages[0]))


def test_after_that_talk_today_says_so_until_the_resident_does_not_agree(
    town, accepted, question, at_desk
):
    unseen(town, accepted)
    browser, mine = at_desk(town.resident), reverse("my-question", args=[question.pk])
    today = text(browser.get(reverse("today")))
    assert "Een ander team heeft je vraag nu. Je was niet bij het gesprek" in today
    invites = "Zeg dat je het niet eens bent"
    assert invites in text(browser.get(mine)) and invites in text(browser.get(sharing(question)))
    post = {"doe": "dispute", "over": str(accepted.pk), "text": "Niemand belde."}
    browser.post(sharing(question), post)
    today = text(browser.get(reverse("today")))
    assert "Je was niet bij het gesprek" not in today
    assert "Op 1 bezwaar komt nog antwoord." in today
    for address in (mine, sharing(question)):
        assert invites not in text(browser.get(address))
    assert "Je zei dat je het niet eens bent. Je krijgt antwoord" in text(browser.get(mine))
    said_ = text(browser.get(reverse("object", args=[question.pk])))
    assert "De inwoner" not in said_ and "was er niet. Niemand belde." in said_
    objection = Objection.objects.get()
    boss = text(at_desk(town.a.coordinator).get(reverse("objection", args=[objection.pk])))
    assert "Je hebt recht" not in boss and "De inwoner heeft recht op gratis hulp" in boss
    history = text(at_desk(town.b.worker).get(reverse("question", args=[question.pk])))
    assert "Jij had een eerste gesprek. De inwoner was daar niet bij." in history
    assert "De inwoner zegt dat het eerste gesprek er niet was." in history
    answer_objection(objection=objection, answer="We bellen.", by=town.a.boss, now=now())
    assert "komt nog antwoord" not in text(browser.get(reverse("today")))
    assert "Je krijgt antwoord" not in text(browser.get(mine))


@pytest.mark.parametrize(
    "what,asked,changed",
    [
        (["look", "act", "receive"], "proxy-consent-asked", True),
        (["look", "receive"], "", True),
        (["receive"], "", False),
        (["look", "act"], "", None),
    ],
)
def test_who_gets_mail_for_the_resident_hears_what_they_may(
    town, question, inside, what, asked, changed
):
    helped(town, *what)
    inside()

    def told(mark):
        mine = Message.objects.filter(recipient="bo@meierijstad.example", key__endswith=mark)
        return [one.body for one in mine]

    asked_online(town, question)
    assert bool(told("consent-asked")) is bool(asked)
    consent(town, town.b)
    slip = an_offer(question, town.b, town, now=now())
    unseen(town, accept(handover=slip, contact_name="Wim B", by=town.b.by, now=now()))
    bodies = told("handed-over-unseen")
    assert len(bodies) == (changed is not None)
    for body in bodies:
        assert (sharing(question) in body) is changed, "a link only where it opens something"
        assert "Team B" not in body and "Rina" not in body
    for one in Message.objects.filter(
        recipient="bo@meierijstad.example", key__startswith="handover"
    ):
        assert may_still_go(one)


@pytest.mark.parametrize("was_there,team", [(False, "a"), (True, "b")])
def test_what_is_said_about_one_talk_goes_to_one_person(town, accepted, question, was_there, team):
    row = met(town, accepted) if was_there else unseen(town, accepted)
    question.refresh_from_db()
    object_to(question=question, why="Ik wil dit niet", key=uuid4(), by=town.me, now=now())
    assert Objection.objects.get().handler == getattr(town, team).coordinator
    dispute(handover=row, text="", by=town.me, now=now())
    both = Objection.objects.filter(handler=town.a.coordinator).count()
    assert both == (1 if was_there else 2)


def test_who_was_there_reads_no_such_thing(town, accepted, question, at_desk):
    met(town, accepted)
    mail = Message.objects.get(recipient=town.resident.email, key__contains=":handed-over")
    assert "niet bij het gesprek" not in mail.body
    found = at_desk(town.resident).get(reverse("my-question", args=[question.pk]))
    assert "Je was daar niet bij" not in found.content.decode()


def test_who_was_not_there_and_has_no_address_is_called(town, accepted):
    Person.objects.filter(pk=town.resident.pk).update(email="")
    unseen(town, accepted)
    assert Task.objects.get(what=TELL).team == town.b.team


def test_the_form_says_what_a_no_means(town, accepted, at_desk):
    assert "Ook bij nee gaat de vraag nu over." in text(
        at_desk(town.b.worker).get(path_of(accepted))
    )


# what the own team does along with others


def along_with(town, question, part, *, categories=(Category.CONTACT,)):
    consent(town, town.b, categories=list(categories))
    row = involve(question=question, team=town.b.team, part=part, by=town.a.by, now=now())
    return move_involvement(involvement=row, name="join", by=town.b.by, now=now())


def test_who_may_know_no_more_than_whose_it_is_finds_what_it_is_asked(town, question, at_desk):
    consent(town, town.b, categories=[Category.CONTACT])
    browser, inbox = at_desk(town.b.worker), reverse("inbox")
    part = involve(question=question, team=town.b.team, part="Post", by=town.a.by, now=now())
    assert along(question) in browser.get(inbox).content.decode()
    move_involvement(involvement=part, name="join", by=town.b.by, now=now())
    assert "Rina Roos : Post" in text(browser.get(inbox))


def test_what_a_team_does_along_is_a_list_that_can_be_kept_with_its_count(town, question, at_desk):
    ground = along_with(town, question, "De papieren")
    browser, there = at_desk(town.b.worker), reverse("work-list")
    assert f'href="{there}?whose=along"' in browser.get(there).content.decode()
    assert "Wij doen mee (1)" in text(browser.get(there))
    # Of another team's question nobody chooses by topic, and so learns it.
    for more in ("", "&village=schijndel", "&topic=debt", "&state=running", "&holder=me"):
        page = browser.get(f"{there}?whose=along{more}")
        assert "Rina Roos : De papieren De vraag is van Team A." in text(page), more
        assert along(question) in page.content.decode() and question.reference not in text(page)
        assert 'name="topic"' not in page.content.decode()
    assert "Rina Roos" not in text(browser.get(f"{there}?whose=along&village=veghel"))
    assert "Rina Roos" not in text(browser.get(there))
    assert "Wij doen mee" not in text(at_desk(town.a.worker).get(there))
    assert "Rina Roos" not in text(at_desk(town.c.worker).get(f"{there}?whose=along"))
    for name, village in (("Samen", ""), ("Samen in Veghel", "veghel")):
        kept = {"name": name, "whose": "along", "village": village}
        assert browser.post(f"{there}/bewaar", kept).status_code == 302
    said = text(browser.get(reverse("inbox")))
    assert "Samen (1)" in said and "Samen in Veghel (0)" in said
    move_involvement(involvement=ground, name="end", by=town.a.by, now=now())
    said = text(browser.get(reverse("inbox")))
    assert "Samen (0)" in said and "Rina Roos" not in said
    assert "Rina Roos" not in text(browser.get(f"{there}?whose=along"))


def test_who_coordinates_sees_what_the_team_does_along_and_not_for_whom(town, question, at_desk):
    consent(town, town.b, categories=[Category.CONTACT, Category.STORY])
    boss, there = at_desk(town.b.coordinator), reverse("work-list")
    along_ = f"{there}?whose=along"
    part = involve(question=question, team=town.b.team, part="Post?", by=town.a.by, now=now())
    asked = boss.get(reverse("inbox"))
    assert "Gevraagd aan je team (1)" in text(asked) and "Van Team A" in text(asked)
    assert "Meedoen met Team A" in text(boss.get(reverse("handovers")))
    move_involvement(involvement=part, name="join", by=town.b.by, now=now())
    for address in (reverse("inbox"), along_, reverse("handovers")):
        page = boss.get(address)
        assert along(question) not in page.content.decode(), "no door that stays shut for her"
        assert "Rina" not in text(page) and STORY not in text(page)
    assert "Je team doet mee (1)" in text(boss.get(reverse("inbox")))
    assert "Wij doen mee (1)" in text(boss.get(there))
    seen = boss.get(along_)
    assert "Schijndel: Post? De vraag is van Team A." in text(seen)
    assert "<title>Waar je team aan meedoet" in seen.content.decode()
    assert boss.get(along(question)).status_code == 404
    for other in (town.a.coordinator, town.c.coordinator):
        assert "Post?" not in text(at_desk(other).get(along_))
    move_involvement(involvement=part, name="end", by=town.a.by, now=now())
    assert "Post?" not in text(boss.get(along_))


def test_who_coordinates_sees_nothing_of_a_question_close_to_them(town, question, at_desk):
    along_with(town, question, "De papieren")
    near = town.b.coordinator.person
    Question.objects.filter(pk=question.pk).update(person=near)
    for address in (reverse("work-list") + "?whose=along", reverse("inbox")):
        assert "De papieren" not in text(at_desk(town.b.coordinator).get(address))


def test_the_list_of_what_a_team_does_along_goes_on_by_key(town, at_desk):
    for number in range(30):
        along_with(town, a_question(town, now=now()), f"deel {number:02}")
    browser, seen = at_desk(town.b.worker), []
    address = reverse("work-list") + "?whose=along"
    assert "Je team doet mee (30)" in text(browser.get(reverse("inbox")))
    lines = AccessLine.objects.filter(about=town.resident.pk).count()
    while address:
        page = browser.get(address).content.decode()
        seen += re.findall(r"deel \d\d", page)
        found = re.search(r'href="([^"]*na=[^"]+)"', page)
        address = found and found[1].replace("&amp;", "&")
    assert len(seen) == len(set(seen)) == 30
    assert AccessLine.objects.filter(about=town.resident.pk).count() == lines + 2
    assert browser.get(reverse("work-list") + "?whose=along&na=onzin_x").status_code == 200
