"""What a resident finds of their own questions: on "today", in the bar, and at each question."""

import html
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from omzien.handovers.actions.consenting import ask_along, ask_resident
from omzien.journal.isolation import working_for
from omzien.kernel.ladder import Rung
from omzien.messages.mandates import ask_proxy
from omzien.messages.models import Message
from omzien.people.actions.mandates import Proxy
from omzien.people.models import Mandate
from omzien.people.rules.grounds import Category
from omzien.questions.actions.discussing import Plan, plan_discussion
from omzien.questions.actions.plans import Doing, add_action, add_goal
from omzien.questions.actions.talking import Said, say
from omzien.questions.models import AftercareAnswer, Question
from omzien.questions.rules.plans import Who
from omzien.questions.rules.states import Result, State
from tests.casework import NOW, a_question
from tests.signing import wearing
from tests.web.test_mine_pages import HERE, helped, page, question, rina, text

pytestmark = pytest.mark.django_db
__all__ = ["question", "rina"]  # fixtures


def today(client):
    return html.unescape(text(client.get("/vandaag")))


def ask_to_share(town, question):
    ask_resident(
        question=question, to_team=town.b.team, categories=(Category.CONTACT, Category.STORY),
        words={}, by=town.a.by, now=timezone.now(),
    )  # fmt: skip


def invite(town, question, **more):
    plan = Plan(
        purpose="Wie helpt met het vervoer?", at=timezone.now() + timedelta(days=3),
        place="Huiskamer De Beemd", **more,
    )  # fmt: skip
    return plan_discussion(question=question, plan=plan, by=town.a.by, now=timezone.now())


def test_the_bar_and_today_lead_a_resident_to_the_own_questions(rina, question):
    found = today(rina)
    assert found.count('href="/mijn-vragen"') == 2
    assert "1 vraag loopt." in found and "card--urgent" not in found


def test_today_says_so_when_no_question_runs(rina):
    assert "Er loopt nu geen vraag." in today(rina)


def test_a_worker_has_no_way_to_questions_of_their_own_there(town, question):
    assert "/mijn-vragen" not in today(wearing(town.a.worker))


def test_what_waits_stands_on_today_and_leads_straight_to_it(rina, town, question):
    with working_for(HERE):
        for words in ("Een bericht", "Nog een"):
            say(question=question, said=Said(text=words), by=town.a.by, now=timezone.now())
        ask_to_share(town, question)
        invite(town, question)
        goal = add_goal(question=question, words="Weer onder de mensen", by=town.me, now=NOW)
        doing = Doing(who=Who.RESIDENT, what="Bellen", rung=Rung.SELF)
        add_action(goal=goal, doing=doing, by=town.me, now=NOW)
    for found in (today(rina), html.unescape(text(rina.get("/mijn-vragen")))):
        assert "2 nieuwe berichten." in found and f'"{page(question)}#berichten"' in found
        assert "Er wacht 1 vraag op je ja of nee" in found and f'"{page(question)}/delen"' in found
        assert "uitgenodigd voor 1 overleg" in found and f'"{page(question)}#overleg"' in found
        assert "1 actie in het plan" in found and f'"{page(question)}/plan"' in found
        assert "Nog een" not in found and "vervoer" not in found
    # Of what waits each heading and each link has a name of its own, and says at which question.
    found = today(rina)
    assert found.count(f"Bij je vraag {question.reference}.") == 4
    headings = re.findall(r"<h2[^>]*>([^<]+)</h2>", found)
    assert len(headings) == len(set(headings))
    heard = re.findall(r"Bekijk het<span class=\"visually-hidden\">: ([^<]+)</span>", found)
    assert len(heard) == len(set(heard)) == 4
    rina.get(page(question))
    assert "nieuwe berichten" not in today(rina)


def test_a_question_about_joining_in_waits_as_one_about_a_handover_does(rina, town, question):
    with working_for(HERE):
        ask_along(question=question, team=town.b.team, part="De papieren", categories=(),
                  by=town.a.by, now=timezone.now())  # fmt: skip
    found = today(rina)
    assert "Er wacht 1 vraag op je ja of nee" in found and f'"{page(question)}/delen"' in found
    mine = html.unescape(text(rina.get(page(question))))
    assert "gevraagd; er wordt nog niets gedeeld" in mine and "Waarom: toestemming" not in mine


def test_who_is_asked_whether_it_is_solved_finds_that_on_today(rina, town, question):
    with working_for(HERE):
        ended = timezone.now()
        Question.objects.filter(pk=question.pk).update(
            state=State.CLOSED, result=Result.SOLVED, rung_reached="network", ended_at=ended,
            told_at=ended, due_on=None,
        )  # fmt: skip
        AftercareAnswer.objects.create(
            municipality=town.municipality, question=question, ended_at=ended, asked_at=ended
        )
    assert "Is het opgelost?" in today(rina)
    link = today(rina).split('href="/nazorg/')[1].split('"')[0]
    assert "Is het opgelost?" in text(rina.get(f"/nazorg/{link}"))
    rina.post(f"/nazorg/{link}", {"solved": "yes"})
    assert "Is het opgelost?" not in today(rina)


def test_a_proxy_sees_what_waits_and_no_consent_that_they_may_not_give(town, question):
    with working_for(HERE):
        say(question=question, said=Said(text="Dag"), by=town.a.by, now=timezone.now())
        ask_to_share(town, question)
    bo, _mandate = helped(town, Mandate.What.LOOK)
    found = today(bo)
    assert "De vragen van Rina Roos" in found and "las 1 bericht nog niet." in found
    assert "op je ja of nee" not in found
    acts, _mandate = helped(town, Mandate.What.LOOK, Mandate.What.ACT, name="Kim Kern")
    assert "op je ja of nee" in today(acts)


def test_an_invitation_to_speak_for_somebody_waits_on_today(town, rina):
    with working_for(HERE):
        other = a_question(town).person
        worker = town.a.worker.person
    with working_for(HERE):
        proxy = Proxy(name="Rina", email=worker.account.email, what=[Mandate.What.LOOK])
        ask_proxy(resident=other, proxy=proxy, by=town.me, now=NOW)
    assert "of jij wilt helpen" not in today(rina)  # her own invitation waits for another
    assert "of jij wilt helpen" in today(wearing(worker))


def test_the_plan_leads_back_to_the_question(rina, question):
    assert f'href="{page(question)}"' in text(rina.get(f"{page(question)}/plan"))


def test_today_asks_a_fixed_number_of_queries_of_a_resident(
    rina,
    town,
    question,
    django_assert_max_num_queries,
):
    rina.get("/vandaag")
    with django_assert_max_num_queries(22):
        rina.get("/vandaag")


def test_the_mail_of_an_invitation_leads_to_when_where_and_with_whom(rina, town, question):
    with working_for(HERE):
        invite(town, question)
        mail = Message.objects.get(key__startswith="discussion-resident")
        invite(town, question, invite_resident=False, not_invited_because="Ligt in het ziekenhuis.")
    assert f"{page(question)}#overleg" in mail.body
    found = text(rina.get(page(question)))
    assert found.count("Huiskamer De Beemd") == 1 and "je mag iemand meenemen" in found
    assert 'id="overleg"' in found and "Team A" in found
    assert "Huiskamer De Beemd" in text(rina.get(f"{page(question)}/bestand.html"))
    bo, _mandate = helped(town, Mandate.What.LOOK)
    assert "Huiskamer De Beemd" in text(bo.get(page(question)))


def test_a_worker_moves_a_discussion_and_calls_it_off(rina, town, question):
    with working_for(HERE):
        row = invite(town, question)
    wim = wearing(town.a.worker)
    change = f"/werk/overleg/{row.pk}/wijzig"
    assert change in text(wim.get(f"/werk/vraag/{question.pk}/overleg"))
    day = (timezone.localdate() + timedelta(days=9)).strftime("%d-%m-%Y")
    told = wim.post(change, {"day": "1-1-2020", "starts": "10.30"}, follow=True)
    assert "Dit moment is al geweest." in text(told)
    wim.post(change, {"day": day, "starts": "10.30", "place": "Dorpshuis"})
    assert "Dorpshuis" in text(rina.get(page(question)))
    assert wearing(town.b.worker).post(change, {"off": "ja"}).status_code == 404
    wim.post(change, {"off": "ja"})
    assert "Er staat geen overleg met je gepland." in text(rina.get(page(question)))
