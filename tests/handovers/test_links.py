"""A receiver without accounts: one link, one purpose, one browser at a time."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from omzien.handovers.actions import linking
from omzien.handovers.actions.answering import accept, meet
from omzien.handovers.actions.linking import (
    actor_of_link,
    ask_code,
    link_of,
    new_link,
    open_link,
    token_for,
    use_code,
)
from omzien.handovers.actions.meetings import plan_meeting
from omzien.handovers.actions.offering import offer, withdraw_ground
from omzien.handovers.models import Handover, HandoverLink, Involvement
from omzien.handovers.refusals import LinkBroken, LinkInUse, LinkOver, NotAllowed, TooManyCodes
from omzien.handovers.rules.links import MOST_CODES, Outcome
from omzien.handovers.rules.states import ContactKind, State
from omzien.journal.models import Fact
from omzien.kernel.ladder import Rung
from omzien.messages.models import Message
from omzien.messages.rights import may_still_go
from omzien.people.actions.grounds import Terms, give_consent
from omzien.people.actions.memberships import appoint, end_membership, welcome_person
from omzien.people.actions.starting import own_organisation
from omzien.people.logs.models import AccessLine
from omzien.people.models import Person
from omzien.people.refusals import NotAllowed as PeopleNotAllowed
from omzien.people.rules.grounds import Category
from omzien.people.rules.looking import Action
from omzien.people.rules.roles import SYSTEM, Role, verbs
from omzien.questions.actions.talking import Said, say
from omzien.questions.actions.tasks import add_task, finish_task
from omzien.questions.actions.working import close, go_on, pick_up, reopen
from omzien.questions.models import Post, Question
from omzien.questions.rules.states import Result
from omzien.questions.rules.states import State as Standing
from tests.broken import break_log
from tests.casework import STORY, WHAT, a_member, a_question
from tests.handovers.conftest import text
from tests.worlds import TODAY

pytestmark = pytest.mark.django_db


def now():
    """Requests carry the real moment, so that links are tried at it."""
    return timezone.now()


@pytest.fixture
def ground(town, club):
    terms = Terms(
        purpose="handover", categories=[Category.CONTACT], starts_on=timezone.localdate(),
        teams=[club],
    )  # fmt: skip
    return give_consent(person=town.resident, terms=terms, by=town.me)


@pytest.fixture
def slip(town, club, ground):
    question = a_question(town, now=now())
    return offer(question=question, to_team=club, offer=WHAT, by=town.a.by, now=now())


@pytest.fixture
def link(slip):
    return HandoverLink.objects.get(handover=slip)


@pytest.fixture
def path(link):
    return reverse("handover-link", args=[token_for(link)])


def test_the_link_stays_what_it_was_after_a_change_of_the_secret_key(link, settings):
    before = token_for(link)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "een-nieuwe-sleutel-voor-deze-test"
    assert token_for(link) == before  # so that a reminder sends the link that works
    settings.SECRET_KEY_FALLBACKS = []
    assert token_for(link) != before


def let_in(link, secret="one"):
    digits = ask_code(link=link, secret=secret, now=now())
    assert use_code(link=link, typed=digits, secret=secret, now=now()) == Outcome.RIGHT
    link.refresh_from_db()
    return actor_of_link(link, secret=secret, now=now())


def enter(browser, path):
    """Ask a code in a browser and type it."""
    mail.outbox.clear()
    browser.post(path, {"doe": "code"})
    code = re.search(r"\b\d{6}\b", mail.outbox[-1].body).group()
    return browser.post(path, {"doe": "open", "code": code}), code


def test_the_mail_holds_a_link_and_nothing_of_anybody(slip, link):
    message = Message.objects.get(key=f"handover:{slip.pk}:offered")
    assert message.recipient == "club@voorbeeld.example"
    assert reverse("handover-link", args=[token_for(link)]) in message.body
    for word in ("Rina", "Roos", "06-5550", STORY[:12], slip.question.reference, WHAT.asked):
        assert word not in message.body + message.subject


def test_the_database_holds_no_token(link):
    token = token_for(link)
    values = HandoverLink.objects.filter(pk=link.pk).values().get()
    assert token not in str(values) and open_link(token, now=now()) == link


def test_a_team_with_members_gets_no_link(town):
    from tests.casework import an_offer, consent

    consent(town, town.b)
    an_offer(a_question(town, now=now()), town.b, town, now=now())
    assert not HandoverLink.objects.exists()


def test_nothing_shows_before_the_code_and_the_package_after_it(visitor, slip, path):
    browser = visitor()
    page = browser.get(path)
    assert page.status_code == 200
    for word in ("Rina", "06-5550", WHAT.asked, WHAT.tried):
        assert word not in text(page)
    answer, _code = enter(browser, path)
    assert answer.status_code == 302
    seen = text(browser.get(path))
    assert "Rina Roos" in seen and "06-5550 0001" in seen and WHAT.asked in seen
    assert STORY not in seen, "the ground covers contact only"
    assert mail.outbox[0].to == ["club@voorbeeld.example"] and "Rina" not in mail.outbox[0].body


def test_without_a_log_the_link_shows_nothing(visitor, path, monkeypatch):
    browser = visitor()
    enter(browser, path)
    assert "Rina Roos" in text(browser.get(path))
    break_log(monkeypatch)
    answer = browser.get(path)
    assert answer.status_code == 503
    for word in ("Rina", "06-5550", WHAT.asked, WHAT.tried):
        assert word not in text(answer)


def test_the_talk_as_a_file_has_a_line_and_leaves_only_with_it(
    visitor, slip, path, town, link, monkeypatch
):
    browser = visitor()
    enter(browser, path)
    browser.post(path, {"doe": "accept", "accept-version": 1, "accept-contact_name": "Toos"})
    slip.refresh_from_db()
    plan_meeting(handover=slip, starts_at=now() + timedelta(days=3), place="Kerkstraat 1",
                 by=town.a.by, now=now())  # fmt: skip
    file, before = reverse("link-calendar", args=[token_for(link)]), AccessLine.objects.count()
    answer = browser.get(file)
    assert answer.status_code == 200 and "Kerkstraat 1" in answer.content.decode()
    (line,) = AccessLine.objects.order_by("number")[before:]
    assert (line.about, line.object_id) == (town.resident.pk, str(slip.pk))
    assert line.action == Action.EXPORT
    break_log(monkeypatch)
    answer = browser.get(file)
    assert answer.status_code == 503 and "Kerkstraat" not in text(answer)


def test_the_whole_way_by_link(visitor, slip, path, town):
    browser = visitor()
    enter(browser, path)
    assert browser.post(
        path, {"doe": "accept", "accept-version": 1, "accept-contact_name": "Toos Tocht"}
    ).status_code == 302  # fmt: skip
    slip.refresh_from_db()
    assert slip.state == State.ACCEPTED and slip.question.team == town.a.team
    day = timezone.localdate().strftime("%d-%m-%Y")
    answer = browser.post(path, {
        "doe": "meet", "meet-version": 2, "meet-met_on": day, "meet-met_by": "visit",
        "meet-was_there": "yes", "meet-signed": "Toos Tocht",
    })  # fmt: skip
    assert answer.status_code == 302
    slip.refresh_from_db()
    question = Question.objects.get(pk=slip.question_id)
    assert slip.state == State.HANDED_OVER and question.team == slip.to_team
    assert HandoverLink.objects.get().name == "Toos Tocht"
    told = {"doe": "report", "report-version": 3, "report-result": "solved", "report-signed": "T"}
    assert browser.post(path, told).status_code == 400, "the resident must know"
    assert browser.post(path, told | {"report-is_told": "on"}).status_code == 302
    question.refresh_from_db()
    assert question.state == Standing.CLOSED and question.result == Result.SOLVED
    assert browser.get(path).status_code == 410
    by = set(Fact.objects.filter(subject="handover").values_list("actor", flat=True))
    assert str(slip.pk) in by
    lines = AccessLine.objects.filter(about=town.resident.pk, actor=str(slip.pk))
    assert lines.filter(result="allowed").count() >= 3


def test_declining_by_link(visitor, slip, path):
    browser = visitor()
    enter(browser, path)
    no = {"doe": "decline", "decline-version": 1, "decline-reason": "full", "decline-text": "Vol."}
    assert browser.post(path, no | {"decline-dont_know": "on"}).status_code == 400  # no name
    no |= {"decline-dont_know": "on", "decline-signed": "Toos"}
    assert browser.post(path, no).status_code == 302
    slip.refresh_from_db()
    assert (slip.state, slip.suggestion) == (State.DECLINED, "Weet ik niet")
    assert browser.get(path).status_code == 410


def test_another_browser_is_refused_while_one_works(visitor, slip, path):
    first, second = visitor(), visitor()
    enter(first, path)
    assert second.post(path, {"doe": "code"}).status_code == 409
    assert "Rina" not in text(second.get(path))
    assert "Rina" in text(first.get(path))


def test_of_two_browsers_that_ask_only_the_last_code_works(link):
    one = ask_code(link=link, secret="one", now=now())
    two = ask_code(link=link, secret="two", now=now())
    assert use_code(link=link, typed=one, secret="one", now=now()) == Outcome.EXPIRED
    assert use_code(link=link, typed=two, secret="one", now=now()) == Outcome.EXPIRED
    assert use_code(link=link, typed=two, secret="two", now=now()) == Outcome.RIGHT
    with pytest.raises(LinkInUse):
        use_code(link=link, typed=one, secret="one", now=now())


def test_a_code_works_once_for_a_quarter_and_three_tries(link):
    digits = ask_code(link=link, secret="one", now=now())
    wrong = "000000" if digits != "000000" else "111111"
    outcomes = [use_code(link=link, typed=wrong, secret="one", now=now()) for _ in range(3)]
    assert outcomes == [Outcome.WRONG, Outcome.WRONG, Outcome.SPENT]
    assert use_code(link=link, typed=digits, secret="one", now=now()) == Outcome.SPENT
    digits = ask_code(link=link, secret="one", now=now())
    late = now() + timedelta(minutes=11)
    assert use_code(link=link, typed=digits, secret="one", now=late) == Outcome.EXPIRED
    assert use_code(link=link, typed=digits, secret="", now=now()) == Outcome.EXPIRED
    assert use_code(link=link, typed=digits, secret="one", now=now()) == Outcome.RIGHT
    assert use_code(link=link, typed=digits, secret="one", now=now()) == Outcome.EXPIRED  # replay


def test_after_three_wrong_codes_the_page_asks_for_a_new_one_only(visitor, slip, path):
    browser = visitor()
    browser.post(path, {"doe": "code"})
    right = re.search(r"\b\d{6}\b", mail.outbox[-1].body).group()
    wrong = f"{(int(right) + 1) % 1_000_000:06}"
    pages = [browser.post(path, {"doe": "open", "code": wrong}).content.decode() for _ in range(3)]
    assert 'name="code"' in pages[0] and 'name="code"' not in pages[2]
    assert "drie keer" in pages[2] and 'value="code"' in pages[2]


def test_codes_are_not_asked_without_end(link):
    for _ in range(MOST_CODES):
        ask_code(link=link, secret="one", now=now())
    with pytest.raises(TooManyCodes):
        ask_code(link=link, secret="one", now=now())


def test_who_burns_the_codes_locks_the_receiver_out_for_a_day_and_no_longer(
    visitor, town, link, path
):
    for _ in range(MOST_CODES):
        ask_code(link=link, secret="one", now=now())
    answer = visitor().post(path, {"doe": "code"})
    assert answer.status_code == 429
    assert "Morgen kan het weer." in text(answer) and "Bel Team A" in text(answer)
    with pytest.raises(TooManyCodes):
        ask_code(link=link, secret="two", now=now() + timedelta(hours=23))
    day = now() + timedelta(hours=24, minutes=11)
    digits = ask_code(link=link, secret="two", now=day)
    assert use_code(link=link, typed=digits, secret="two", now=day) == Outcome.RIGHT
    assert HandoverLink.objects.get().codes == 0, "who got in may ask as often again"


def test_after_twelve_hours_a_new_code_is_asked(link):
    assert let_in(link) is not None
    later = now() + timedelta(hours=13)
    assert actor_of_link(link, secret="one", now=later) is None
    assert actor_of_link(link, secret="two", now=now()) is None
    ask_code(link=link, secret="two", now=later)  # another browser may come now


def test_the_link_ends_with_the_clock_of_the_handover(link, slip):
    after = timezone.make_aware(
        timezone.datetime.combine(slip.due_on + timedelta(days=1), timezone.datetime.min.time())
    )
    with pytest.raises(LinkOver):
        open_link(token_for(link), now=after)
    with pytest.raises(LinkOver):
        ask_code(link=link, secret="one", now=after)


def test_a_new_link_takes_the_place_of_the_old_one(town, link, slip):
    old = token_for(link)
    made = new_link(handover=slip, by=town.a.by)
    assert token_for(made) != old
    with pytest.raises(LinkBroken):
        open_link(old, now=now())
    with pytest.raises(NotAllowed):
        new_link(handover=slip, by=town.b.by)


def test_a_ground_withdrawn_ends_the_link_at_the_next_request(visitor, town, slip, path, ground):
    browser = visitor()
    enter(browser, path)
    withdraw_ground(ground=ground, by=town.me, now=now())
    page = browser.get(path)
    assert page.status_code == 410 and "Rina" not in text(page)
    assert "De inwoner laat dit niet meer delen" in text(page)
    letter = Message.objects.get(recipient="club@voorbeeld.example", key__endswith=":withdrawn")
    assert path in letter.body, "the mail leads to the page that says so"


def test_a_ground_that_ran_out_shows_nothing_though_no_clock_ran(link, slip, ground):
    actor = let_in(link)
    assert Handover.objects.visible_to(actor).count() == 1
    from omzien.people.actions.grounds import withdraw

    withdraw(ground=ground, by=slip_owner(slip))
    assert Handover.objects.visible_to(actor).count() == 0
    assert not Question.objects.visible_to(actor, verb="contact.read").exists()


def slip_owner(slip):
    from omzien.people.rules.roles import Actor

    return Actor("GM1948", Role.RESIDENT, person=slip.question.person_id)


def test_the_actor_of_a_link_can_do_nothing_else(town, club, link, slip, ground):
    """It reads its own handover, answers it, and is refused at every other door."""
    actor = let_in(link)
    other = a_question(town, now=now())
    assert actor.role == Role.PUBLIC and actor.person is None and actor.machine == ""
    held = {verb for verb in verbs() if actor.may(verb)}
    assert not held & {"question.work", "handover.answer", "handover.offer", "consent.record"}
    assert set(Handover.objects.visible_to(actor)) == {slip}
    assert set(Question.objects.visible_to(actor, verb="contact.read")) == {slip.question}
    for verb in verbs() - {"contact.read", "story.read"}:
        assert not Question.objects.visible_to(actor, verb=verb).exists(), verb
    task = add_task(
        question=slip.question, what="x", due_on=timezone.localdate(), by=town.a.by, now=now()
    )
    for do in (
        lambda: pick_up(question=slip.question, by=actor, now=now()),
        lambda: finish_task(task=task, by=actor, now=now()),
        lambda: close(question=slip.question, result=Result.SOLVED, rung_reached="general",
                      is_told=True, by=actor, now=now()),
        lambda: offer(question=other, to_team=town.b.team, offer=WHAT, by=actor, now=now()),
        lambda: withdraw_ground(ground=ground, by=actor, now=now()),
        lambda: new_link(handover=slip, by=actor),
    ):  # fmt: skip
        with pytest.raises((NotAllowed, PeopleNotAllowed)):
            do()
    assert not Involvement.objects.visible_to(actor).exists()


def test_a_link_answers_no_other_handover_of_the_same_team(town, club, link, slip):
    actor = let_in(link)
    second = offer(
        question=a_question(town, now=now()), to_team=club, offer=WHAT, by=town.a.by, now=now()
    )
    with pytest.raises(NotAllowed):
        accept(handover=second, contact_name="X", by=actor, now=now())
    with pytest.raises(NotAllowed):
        meet(handover=second, met_on=timezone.localdate(), met_by=ContactKind.PHONE,
             resident_was_there=True, by=actor, now=now())  # fmt: skip
    assert link_of(second) != link


def test_moves_of_the_other_side_are_not_for_a_link(visitor, slip, path):
    browser = visitor()
    enter(browser, path)
    for move in ("withdraw", "new-link", "plan", "held", "cancel"):
        answer = browser.post(path, {"doe": move, f"{move}-version": 1, f"{move}-reason": "x"})
        assert answer.status_code == 409, move
    slip.refresh_from_db()
    assert slip.state == State.OFFERED


def test_two_tabs_of_one_browser_answer_once(visitor, slip, path):
    browser = visitor()
    enter(browser, path)
    yes = {"doe": "accept", "accept-version": 1, "accept-contact_name": "Toos Tocht"}
    assert browser.post(path, yes).status_code == 302
    again = browser.post(path, yes | {"accept-contact_name": "Iemand Anders"})
    assert again.status_code == 409 and "Iemand Anders" in text(again)
    slip.refresh_from_db()
    assert slip.contact_name == "Toos Tocht"


@pytest.mark.parametrize("token", ["x", "a" * 43, "é" * 20, "%00", "../werk", "0" * 4000])
def test_a_token_of_somebody_else_is_not_there(visitor, slip, token):
    answer = visitor().get(f"/overdracht/{token}")
    assert answer.status_code == 404 and "Rina" not in text(answer)


def test_a_browser_may_post_from_the_page_of_a_link(visitor, slip, path):
    # With `no-referrer` it would send `Origin: null`, and every form here would answer 403.
    assert visitor().get(path).headers["Referrer-Policy"] == "same-origin"


def test_a_reminder_carries_the_link_again(town, slip, link):
    from omzien.handovers.actions.clock import remind

    moment = timezone.make_aware(
        timezone.datetime.combine(slip.remind_on, timezone.datetime.min.time())
    ) + timedelta(hours=9)
    assert remind(handover=slip, now=moment)
    body = Message.objects.get(key=f"handover:{slip.pk}:reminded").body
    assert token_for(link) in body


def test_no_account_is_needed_only_where_nobody_has_one(town, club):
    assert linking.needs_link(club) and not linking.needs_link(town.b.team)
    assert not linking.needs_link(town.c.team)


# the owner has no account


@pytest.fixture
def owned(visitor, slip, path):
    """The team behind the link had its first talk: the question is theirs."""
    browser = visitor()
    enter(browser, path)
    browser.post(path, {"doe": "accept", "accept-version": 1, "accept-contact_name": "Toos"})
    day = timezone.localdate().strftime("%d-%m-%Y")
    browser.post(path, {
        "doe": "meet", "meet-version": 2, "meet-met_on": day, "meet-met_by": "visit",
        "meet-was_there": "yes", "meet-signed": "Toos",
    })  # fmt: skip
    slip.refresh_from_db()
    slip.question.refresh_from_db()
    assert slip.is_theirs
    return browser


def test_a_team_that_can_sign_in_has_no_other_door(visitor, town, club, slip, path, owned):
    assert "Rina Roos" in text(owned.get(path))
    member = a_member(town.municipality, "Nel Nieuw", own_organisation(town.municipality),
                      Role.TEAM_MEMBER, club)  # fmt: skip
    for browser in (owned, visitor()):
        for answer in (browser.get(path), browser.post(path, {"doe": "code"})):
            assert answer.status_code == 410 and "Rina" not in text(answer)
            assert "Meld je aan" in text(answer)
    link = HandoverLink.objects.get(handover=slip)
    with pytest.raises(LinkOver):
        ask_code(link=link, secret="one", now=now())
    with pytest.raises(LinkOver):
        use_code(link=link, typed="123456", secret="one", now=now())
    end_membership(membership=member, by=SYSTEM)  # and nobody is left who can
    assert owned.get(path).status_code == 200


def test_who_was_invited_and_did_not_come_yet_shuts_no_door(town, club, path, owned):
    somebody = welcome_person(municipality=town.municipality, name="Nel Nieuw",
                              email="nel@voorbeeld.example", by=SYSTEM)  # fmt: skip
    appoint(person=somebody, organisation=own_organisation(town.municipality),
            role=Role.TEAM_MEMBER, team=club, starts_on=TODAY, by=SYSTEM)  # fmt: skip
    assert owned.get(path).status_code == 200


def test_a_link_that_nobody_used_for_a_year_is_over_and_a_mail_brings_a_new_one(
    visitor, town, slip, link, path, owned
):
    link.refresh_from_db()
    used = link.open_until
    assert open_link(token_for(link), now=used + timedelta(days=365)) == link
    with pytest.raises(LinkOver):
        open_link(token_for(link), now=used + timedelta(days=366))
    HandoverLink.objects.update(made_at=used - timedelta(days=800),
                                open_until=used - timedelta(days=400))  # fmt: skip
    answer = visitor().get(path)
    assert answer.status_code == 410 and "Vraag Team A om een nieuwe." in text(answer)
    assert link_of(slip) != link and open_link(token_for(link_of(slip)), now=now())
    assert visitor().get(path).status_code == 404


def wrote(town, slip, words):
    return say(question=slip.question, said=Said(text=words), by=town.me, now=now())


def test_who_owns_by_link_knows_whom_they_help_and_what_they_wrote(town, slip, path, owned):
    seen = text(owned.get(path))
    assert "Rina Roos" in seen and "06-5550 0001" in seen and WHAT.asked in seen
    assert STORY in seen, "who owns a question reads it whole, as the resident was told"
    post = wrote(town, slip, "Komen jullie nog?")
    assert "Komen jullie nog?" in text(owned.get(path))
    letter = Message.objects.get(key=f"conversation:{post.pk}:post")
    assert letter.recipient == "club@voorbeeld.example" and path in letter.body
    assert "/werk/" not in letter.body


def test_who_owns_by_link_reads_by_when_the_resident_hears_the_next_step(slip, path, owned):
    due = Question.objects.get(pk=slip.question_id).due_on
    assert f"Vertel de inwoner uiterlijk {date_format(due, 'l j F')}" in text(owned.get(path))


@pytest.mark.parametrize("has_mail", [True, False])
def test_behind_a_link_too_who_was_not_there_and_has_no_mail_is_called(
    visitor, slip, path, town, has_mail
):
    if not has_mail:
        Person.objects.filter(pk=town.resident.pk).update(email="")
    browser = visitor()
    enter(browser, path)
    browser.post(path, {"doe": "accept", "accept-version": 1, "accept-contact_name": "Toos"})
    form = text(browser.get(path))
    assert ("De inwoner krijgt dan bericht" in form) is has_mail
    assert ("heeft geen mailadres: je team belt dan zelf" in form) is not has_mail
    browser.post(path, {
        "doe": "meet", "meet-version": 2, "meet-met_by": "visit", "meet-was_there": "no",
        "meet-met_on": timezone.localdate().strftime("%d-%m-%Y"), "meet-signed": "Toos",
    })  # fmt: skip
    called = "was niet bij het eerste gesprek en heeft geen mailadres. Bel"
    assert (called in text(browser.get(path))) is not has_mail


def test_the_resident_reads_who_helps_now_and_no_step_of_the_old_team(
    town, slip, visitor, path, at_desk
):
    question = slip.question
    pick_up(question=question, by=town.a.by, now=now())
    go_on(question=question, rung=Rung.NETWORK, next_action="Kennismaken met een maatje",
          next_on=timezone.localdate(), by=town.a.by, now=now(), skipped="x")  # fmt: skip
    mine = reverse("my-question", args=[question.pk])
    browser = visitor()
    enter(browser, path)
    browser.post(path, {"doe": "accept", "accept-version": 1, "accept-contact_name": "Toos Tocht"})
    browser.post(path, {
        "doe": "meet", "meet-version": 2, "meet-met_by": "visit", "meet-was_there": "yes",
        "meet-met_on": timezone.localdate().strftime("%d-%m-%Y"), "meet-signed": "Toos Tocht",
    })  # fmt: skip
    page = text(at_desk(town.resident).get(mine))
    assert "Kennismaken met een maatje" not in page
    assert "Toos Tocht heeft je vraag en luistert wat er speelt." in page
    question.refresh_from_db()
    assert (question.state, question.next_action) == (Standing.CLARIFYING, "")


def test_what_was_said_before_the_first_talk_is_not_theirs_to_read(town, slip, link, path):
    wrote(town, slip, "Dit is voor team A.")
    actor = let_in(link)
    assert not Post.objects.visible_to(actor).exists()
    row = accept(handover=slip, contact_name="Toos", by=actor, now=now())
    meet(handover=row, met_on=timezone.localdate(), met_by=ContactKind.PHONE,
         resident_was_there=True, by=actor, now=now())  # fmt: skip
    slip.question.refresh_from_db()
    assert not Post.objects.visible_to(actor).exists()
    post = wrote(town, slip, "Dit is voor de club.")
    say(question=a_question(town, now=now()), said=Said(text="Anders."), by=town.me, now=now())
    assert list(Post.objects.visible_to(actor)) == [post]


def test_who_owns_by_link_reads_what_it_owns_as_every_owner_does(town, slip, path, owned, ground):
    wrote(town, slip, "Komen jullie nog?")
    withdraw_ground(ground=ground, by=town.me, now=now())
    seen = text(owned.get(path))
    assert "Rina" in seen and "Komen jullie" in seen and "Hoe liep het af?" in seen


def test_opened_again_the_team_gets_its_link_and_the_sender_hears(town, slip, path, owned):
    told = {"doe": "report", "report-version": 3, "report-result": "solved", "report-signed": "T",
            "report-is_told": "on"}  # fmt: skip
    owned.post(path, told)
    assert owned.get(path).status_code == 410
    reopen(question=slip.question, by=town.me, now=now())
    (letter,) = Message.objects.filter(key__startswith=f"handover:{slip.pk}:reopened:")
    assert letter.recipient == "club@voorbeeld.example" and path in letter.body
    sender = Message.objects.filter(key__startswith=f"handover:{slip.pk}:reopened-there:")
    assert sender.exists() and may_still_go(letter) and all(map(may_still_go, sender))
    assert "Rina" not in letter.body + "".join(one.body for one in sender)
    seen = text(owned.get(path))
    assert "Rina Roos" in seen and "De inwoner opende de vraag weer." in seen
    assert "Weer open" in seen and "Klaar, met een uitkomst" not in seen
    again = told | {"report-version": 4, "report-result": "partly"}
    assert owned.post(path, again).status_code == 302
    slip.refresh_from_db()
    question = Question.objects.get(pk=slip.question_id)
    assert (slip.result, question.result, question.state) == (
        Result.PARTLY, Result.PARTLY, Standing.CLOSED
    )  # fmt: skip


def test_a_team_with_accounts_gets_no_link_when_a_question_opens_again(town):
    question = a_question(town, now=now())
    close(question=question, result=Result.SOLVED, rung_reached="general", is_told=True,
          by=town.a.by, now=now())  # fmt: skip
    reopen(question=question, by=town.me, now=now())
    assert not HandoverLink.objects.exists()
    told = Message.objects.filter(key__contains="reopened")
    assert told.exists() and not told.filter(key__startswith="handover:").exists()


def test_a_new_link_says_what_is_to_do_now(town, slip, at_desk, path, owned):
    here = reverse("handover", args=[slip.pk])
    browser = at_desk(town.a.worker)
    assert "Stuur een nieuwe link" in text(browser.get(here))
    assert browser.post(here, {"doe": "new-link", "new-link-version": 3}).status_code == 302
    letter = Message.objects.get(key__startswith=f"handover:{slip.pk}:link-again:")
    assert "Zonder antwoord gaat die terug" not in letter.body


def test_a_second_browser_reads_whom_to_call(visitor, town, slip, path):
    town.a.team.phone = "0413-555 000"
    town.a.team.save()
    enter(visitor(), path)
    page = visitor().post(path, {"doe": "code"})
    assert page.status_code == 409 and "0413-555 000" in text(page)
