"""The conversation: who may say and read what, its mails, its clock, and its files."""

import io
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from PIL import Image

from omzien.cli.commands.worker import one_round
from omzien.handovers.actions.answering import accept, meet
from omzien.handovers.actions.ending import stop_question
from omzien.handovers.actions.offering import withdraw_ground
from omzien.handovers.rules.states import ContactKind
from omzien.journal.isolation import working_for
from omzien.journal.models import Fact
from omzien.messages.actions import deliver_waiting
from omzien.messages.mandates import ask_proxy
from omzien.messages.models import Message
from omzien.people.actions.mandates import Proxy, accept_proxy, end_mandate, suspend_mandate
from omzien.people.actions.memberships import end_membership, welcome_person
from omzien.people.models import Mandate
from omzien.people.refusals import AlreadyEnded, AlreadyHas
from omzien.people.refusals import NotAllowed as PeopleNotAllowed
from omzien.people.rules.roles import SYSTEM, Actor, Role
from omzien.questions.actions.forgetting import anonymise
from omzien.questions.actions.mandates import record_legal_mandate, suspend_for
from omzien.questions.actions.notes import remove_own_note, write_note, write_own_note
from omzien.questions.actions.silence import run_silence
from omzien.questions.actions.talking import MOST_FILES, File, Said, say, see
from omzien.questions.actions.texts import remove_text, write_text
from omzien.questions.actions.working import reopen, stop
from omzien.questions.models import Attachment, Note, Post, Question, StandardText, Task
from omzien.questions.models.conversation import LONGEST_POST
from omzien.questions.queries.history import changed_since, history_of
from omzien.questions.refusals import (
    BadAttachment,
    NeedsWords,
    NotAllowed,
    NotLive,
    TitleTaken,
    TooLong,
    UnknownPlace,
)
from tests.casework import NOW, a_question, an_offer, consent, later
from tests.signing import account

pytestmark = pytest.mark.django_db
HERE = "GM1948"


@pytest.fixture
def question(town):
    return a_question(town)


def words(text="Hoe laat kan ik langskomen?", **more):
    return Said(text=text, **more)


def mails(what=""):
    rows = Message.objects.filter(key__startswith="conversation:", key__endswith=what)
    return sorted(rows.values_list("recipient", flat=True))


def proxy_of(town, *what, name="Bo Buur"):
    """Return somebody with a mandate, as an actor."""
    address = f"{name.split()[0].casefold()}@{town.municipality.slug}.example"
    somebody = welcome_person(
        municipality=town.municipality, name=name, email=address, account=account(address),
        by=SYSTEM,
    )  # fmt: skip
    row = ask_proxy(
        resident=town.resident, proxy=Proxy(name=name, email=address, what=what), by=town.me,
        now=NOW,
    )  # fmt: skip
    own = Actor(HERE, Role.RESIDENT, person=somebody.pk)
    mandate = accept_proxy(invitation=row, by=own, now=NOW)
    actor = Actor(HERE, Role.PROXY, person=somebody.pk, represents=town.resident.pk)
    return actor, mandate, own


# --- saying --------------------------------------------------------------------------------------


def test_the_team_answers_and_the_resident_hears_that_there_is_something(town, question):
    post = say(question=question, said=words(), by=town.a.by, now=NOW)
    question.refresh_from_db()
    assert question.replied_at == NOW and post.side == "worker"
    assert mails("reply") == ["rina@meierijstad.example"]
    say(question=question, said=words("Nog iets"), by=town.a.by, now=later(NOW, hours=1))
    question.refresh_from_db()
    assert question.replied_at == NOW


def test_the_resident_answers_and_who_holds_the_question_hears_it(town, question):
    say(question=question, said=words(), by=town.me, now=NOW)
    assert mails("post") == ["cor.a@meierijstad.example", "wim.a@meierijstad.example"]
    Question.objects.filter(pk=question.pk).update(holder=town.a.worker)
    say(question=question, said=words("En dit"), by=town.me, now=NOW)
    assert mails("post").count("wim.a@meierijstad.example") == 2
    assert mails("post").count("cor.a@meierijstad.example") == 1


def test_sent_twice_is_said_once(town, question):
    said = words(files=[File("brief.txt", b"Geachte mevrouw")])
    for _ in range(3):
        say(question=question, said=said, by=town.me, now=NOW)
    assert Post.objects.count() == Attachment.objects.count() == 1
    assert Fact.objects.filter(verb="say").count() == 1
    assert len(mails("post")) == 2


def test_no_mail_and_no_fact_says_who_or_what(town, question):
    """N3: mails hold no name, number, reference or word of the conversation."""
    said = words("Rina Roos heeft griep", files=[File("uitslag Rina.txt", b"griep")], waits=True)
    say(question=question, said=said, by=town.a.by, now=NOW)
    say(question=question, said=words("Ik ben Rina en ik heb griep"), by=town.me, now=NOW)
    proxy_of(town, "look", "receive")
    write_note(question=question, text="Rina hoest", key=uuid4(), by=town.a.by, now=NOW)
    secret = re.compile(r"rina(?!@)|roos|wim|griep|hoest|uitslag|bo buur|06-5550", re.I)
    for one in Message.objects.all():
        assert not secret.search(one.subject + one.body), one.key
        # The receipt is the one mail that names it: somebody needs it for the phone.
        assert question.reference not in one.body or one.key.startswith("asked:")
    for fact in Fact.objects.all():
        assert not secret.search(str(fact.__dict__)), fact.verb


@pytest.mark.parametrize(
    "text,refusal", [("", NeedsWords), (" \0 \n", NeedsWords), ("x" * 20_001, TooLong)]
)
def test_what_cannot_be_said(town, question, text, refusal):
    with pytest.raises(refusal):
        say(question=question, said=words(text), by=town.me, now=NOW)
    assert not Post.objects.exists()


def test_a_long_text_with_smileys_is_kept_to_the_letter(town, question):
    text = "😀é" * (LONGEST_POST // 2)
    assert say(question=question, said=words(text), by=town.me, now=NOW).text == text


def test_only_the_owner_team_the_resident_and_who_may_talk_say_something(town, question):
    others = [town.b.by, town.c.by, Actor(HERE), Actor(HERE, Role.RESIDENT, person=uuid4())]
    others.append(proxy_of(town, "look", name="Kijk Alleen")[0])
    for one in others:
        with pytest.raises(NotAllowed):
            say(question=question, said=words(), by=one, now=NOW)
    talker, *_ = proxy_of(town, "talk", name="Praat Mee")
    assert say(question=question, said=words(), by=talker, now=NOW).side == "asker"


def test_nobody_talks_in_a_question_that_ended(town, question):
    stop_question(question=question, name="own-way", by=town.me, now=NOW)
    for one in (town.me, town.a.by):
        with pytest.raises(NotLive):
            say(question=question, said=words(), by=one, now=NOW)
    reopen(question=question, by=town.me, now=NOW)
    assert say(question=question, said=words(), by=town.me, now=NOW)


# --- reading -------------------------------------------------------------------------------------


def test_the_receiver_of_an_offer_sees_no_conversation_until_it_is_theirs(town, question):
    say(question=question, said=words(), by=town.me, now=NOW)
    write_note(question=question, text="Belt liever", key=uuid4(), by=town.a.by, now=NOW)
    consent(town, town.c)
    handover = an_offer(question, town.c, town)

    def seen(actor):
        return Post.objects.visible_to(actor).count(), Note.objects.visible_to(actor).count()

    assert seen(town.c.by) == (0, 0) and seen(town.a.by) == (1, 1)
    accept(handover=handover, contact_name="Cor", by=town.c.by, now=NOW)
    assert seen(town.c.by) == (0, 0)
    meet(
        handover=handover, met_on=timezone.localdate(NOW), met_by=ContactKind.PHONE,
        resident_was_there=True, by=town.c.by, now=NOW,
    )  # fmt: skip
    assert seen(town.c.by) == (1, 0), "the notes stay with the team that wrote them"
    assert seen(town.a.by) == (0, 0)
    assert seen(town.me) == (1, 1)


def test_private_notes_are_for_the_resident_alone(town, question):
    note = write_own_note(question=question, text="Geheim", key=uuid4(), by=town.me, now=NOW)
    write_note(question=question, text="Van het team", key=uuid4(), by=town.a.by, now=NOW)
    proxy, _, own = proxy_of(town, *Mandate.What)
    for one in (town.a.by, town.a.boss, town.b.by, proxy, own, Actor(HERE), SYSTEM):
        assert not Note.objects.visible_to(one).private().exists()
    assert not Note.objects.visible_to(proxy).exists()
    for one in (town.a.by, proxy):
        with pytest.raises(NotAllowed):
            write_own_note(question=question, text="x", key=uuid4(), by=one, now=NOW)
        with pytest.raises(NotAllowed):
            remove_own_note(found=note, by=one)
    team = Note.objects.of_team().get()
    with pytest.raises(NotAllowed):
        remove_own_note(found=team, by=town.me)
    remove_own_note(found=note, by=town.me)
    assert list(Note.objects.visible_to(town.me)) == [team]


def test_that_a_resident_wrote_for_herself_is_nowhere_in_the_history(town, question):
    before = history_of(question, town.a.by)
    note = write_own_note(question=question, text="Geheim", key=uuid4(), by=town.me, now=NOW)
    assert history_of(question, town.a.by) == before
    remove_own_note(found=note, by=town.me)
    assert history_of(question, town.a.by) == before
    assert changed_since(question, question.version, town.a.by) == []
    write_note(question=question, text="Van het team", key=uuid4(), by=town.a.by, now=NOW)
    assert len(history_of(question, town.a.by)) == len(before) + 1


def test_seen_is_written_once_by_the_other_side(town, question):
    post = say(question=question, said=words(), by=town.me, now=NOW)
    assert see(question=question, by=town.me, now=NOW) == 0
    assert see(question=question, by=town.a.by, now=NOW) == 1
    assert see(question=question, by=town.a.by, now=later(NOW, days=1)) == 0
    post.refresh_from_db()
    assert post.seen_at == NOW


# --- silence -------------------------------------------------------------------------------------


def test_silence_is_told_to_the_owner_once_and_changes_no_state(town, question):
    post = say(question=question, said=words(waits=True), by=town.a.by, now=NOW)
    before = Question.objects.get(pk=question.pk).state
    after = later(NOW, days=(post.answer_by - timezone.localdate(NOW)).days)
    assert run_silence(municipality=town.municipality, now=after) == 0, "its last day counts"
    after = later(after, days=1)
    assert run_silence(municipality=town.municipality, now=after) == 1
    assert run_silence(municipality=town.municipality, now=later(after, days=9)) == 0
    task = Task.objects.get(kind=Task.Kind.SILENT)
    assert task.team == town.a.team and task.done_at is None
    assert Question.objects.get(pk=question.pk).state == before
    assert Post.objects.silent().get() == post
    assert len(mails("silent")) == 2
    say(question=question, said=words("Sorry, ik was weg"), by=town.me, now=later(after, hours=1))
    task.refresh_from_db()
    assert task.done_at and not Post.objects.silent().exists()


def test_an_answer_in_time_stops_the_clock(town, question):
    say(question=question, said=words(waits=True), by=town.a.by, now=NOW)
    say(question=question, said=words("Om tien uur"), by=town.me, now=NOW)
    assert run_silence(municipality=town.municipality, now=later(NOW, days=90)) == 0


def test_what_a_resident_cannot_be_asked_is_not_waited_for(town, question):
    assert say(question=question, said=words(waits=True), by=town.me, now=NOW).answer_by is None
    say(question=question, said=words(waits=True), by=town.a.by, now=NOW)
    stop(question=question, name="withdraw", by=town.me, now=NOW)
    assert run_silence(municipality=town.municipality, now=later(NOW, days=90)) == 0


def test_the_worker_runs_both_clocks_each_round(world, monkeypatch, town):
    question = a_question(town)
    say(question=question, said=words(waits=True), by=town.a.by, now=NOW)
    consent(town, town.b)
    handover = an_offer(question, town.b, town)
    monkeypatch.setattr("omzien.cli.commands.worker.deliver_waiting", lambda: 0, raising=False)
    monkeypatch.setattr("omzien.cli.commands.worker._now", lambda: later(NOW, days=30))
    done = one_round()
    assert "Meierijstad, overdrachten: 1" in done and "Meierijstad, geen reactie: 1" in done
    with working_for(HERE):
        handover.refresh_from_db()
        assert handover.state == "expired"
    again = one_round()
    assert "overdrachten" not in again and "geen reactie" not in again


def test_a_clock_that_breaks_holds_up_nothing_else(world, monkeypatch, town, caplog):
    question = a_question(town)
    say(question=question, said=words(waits=True), by=town.a.by, now=NOW)

    def broken(**_more):
        raise RuntimeError("stuk".upper())

    monkeypatch.setattr("omzien.handovers.actions.clock.run_clock", broken)
    monkeypatch.setattr("omzien.cli.commands.worker._now", lambda: later(NOW, days=30))
    assert "geen reactie: 1" in one_round()
    assert "overdrachten" in caplog.text and "RuntimeError" in caplog.text
    assert "STUK" not in caplog.text  # a message may quote a row
    caplog.clear()


# --- mail that waits -----------------------------------------------------------------------------


def states():
    deliver_waiting()
    with working_for(HERE):
        return {
            (one.key.split(":")[0] + ":" + one.key.split(":")[-1], one.recipient): one.state
            for one in Message.objects.all()
        }


def test_a_waiting_mail_to_who_lost_access_is_dropped(town, question, mailoutbox):
    """N2: who it is for is asked again when it goes."""
    say(question=question, said=words(), by=town.me, now=NOW)
    end_membership(membership=town.a.coordinator, by=SYSTEM)
    _proxy, mandate, _ = proxy_of(town, "receive")
    say(question=question, said=words(), by=town.a.by, now=NOW)
    end_mandate(mandate=mandate, by=town.me, now=NOW)
    found = states()
    assert found["conversation:post", "wim.a@meierijstad.example"] == "sent"
    assert found["conversation:post", "cor.a@meierijstad.example"] == "dropped"
    assert found["conversation:reply", "rina@meierijstad.example"] == "sent"
    assert found["conversation:reply", "bo@meierijstad.example"] == "dropped"
    assert {one.to[0] for one in mailoutbox} >= {"wim.a@meierijstad.example"}
    assert not any("cor.a" in one.to[0] for one in mailoutbox)


def test_the_mail_of_an_offer_that_was_withdrawn_is_dropped(town, question):
    ground = consent(town, town.b)
    handover = an_offer(question, town.b, town)
    withdraw_ground(ground=ground, by=town.me, now=NOW)
    found = {
        one.key.split(":")[2]: one.state
        for one in Message.objects.filter(key__startswith="handover:")
    }
    assert set(found) == {"offered", "withdrawn"}
    deliver_waiting()
    rows = Message.objects.filter(key__contains=str(handover.pk))
    assert set(rows.filter(key__endswith="offered").values_list("state", flat=True)) == {"dropped"}
    assert "dropped" not in rows.filter(key__endswith="withdrawn").values_list("state", flat=True)


def test_the_mail_of_an_offer_that_stands_goes(town, question):
    consent(town, town.b)
    an_offer(question, town.b, town)
    deliver_waiting()
    assert set(Message.objects.values_list("state", flat=True)) == {"sent"}


# --- files ---------------------------------------------------------------------------------------


def photo():
    image = Image.new("RGB", (40, 30), "red")
    data = image.getexif()
    data[0x010E] = "thuis bij Rina"
    out = io.BytesIO()
    image.save(out, "JPEG", exif=data)
    return out.getvalue()


def test_files_are_known_by_their_content_and_pictures_are_written_anew(town, question):
    files = [
        File("../../etc/Foto: van\r\n thuis.exe", photo()),
        File("uitslag.PDF", b"%PDF-1.4 hallo"),
        File("pagina.html", b"<script>alert(1)</script>"),
    ]
    say(question=question, said=words(files=files), by=town.me, now=NOW)
    found = list(Attachment.objects.all())
    assert [one.content_type for one in found] == ["image/jpeg", "application/pdf", "text/plain"]
    assert [one.name for one in found] == ["Foto van thuis.jpeg", "uitslag.pdf", "pagina.txt"]
    assert b"Rina" in files[0].content and b"Rina" not in bytes(found[0].content)
    assert [one.number for one in found] == [1, 2, 3]


@pytest.mark.parametrize(
    "content,why",
    [
        (b"", "empty"),
        (b"MZ\x00\x00\x01", "wrong-kind"),
        (b"PK\x03\x04" + b"\0" * 30, "wrong-kind"),
        (b"\xff\xd8\xff\x00kapot", "broken-image"),
        (b"%PDF-" + b"x" * 5_000_001, "too-big"),
    ],
)
def test_a_file_that_is_not_taken_keeps_the_post_back(town, question, content, why):
    with pytest.raises(BadAttachment) as refused:
        say(question=question, said=words(files=[File("a", content)]), by=town.me, now=NOW)
    assert refused.value.why == why and not Post.objects.exists()


def test_too_many_files(town, question):
    files = [File("a", b"tekst")] * (MOST_FILES + 1)
    with pytest.raises(BadAttachment):
        say(question=question, said=words(files=files), by=town.me, now=NOW)


# --- forgetting ----------------------------------------------------------------------------------


def test_an_ended_question_forgets_its_conversation(town, question):
    say(question=question, said=words(files=[File("a", b"brief")]), by=town.me, now=NOW)
    write_note(question=question, text="x", key=uuid4(), by=town.a.by, now=NOW)
    write_own_note(question=question, text="x", key=uuid4(), by=town.me, now=NOW)
    stop_question(question=question, name="withdraw", by=town.me, now=NOW)
    anonymise(question=question)
    assert not (Post.objects.exists() or Note.objects.exists() or Attachment.objects.exists())


# --- standard texts ------------------------------------------------------------------------------


def test_standard_texts_are_kept_by_who_may(town):
    manager = Actor(HERE, Role.FUNCTIONAL_MANAGER, person=uuid4(), membership=uuid4())
    here = {"municipality": town.municipality, "body": "Hallo {voornaam}"}
    everybody = write_text(**here, title="Welkom", by=manager)
    ours = write_text(**here, title="Welkom", team=town.a.team, by=town.a.boss)
    for one in (town.a.by, town.b.by, town.me):
        with pytest.raises(NotAllowed):
            write_text(**here, title="x", team=town.a.team, by=one)
    with pytest.raises(NotAllowed):
        write_text(**here, title="x", by=town.a.boss)
    with pytest.raises(NotAllowed):
        remove_text(text=ours, by=town.b.boss)
    with pytest.raises(TitleTaken):
        write_text(**here, title="Welkom", by=manager)
    with pytest.raises(UnknownPlace):
        write_text(municipality=town.municipality, title="y", body="{bsn}", by=manager)
    visible = StandardText.objects.visible_to
    assert set(visible(town.a.by)) == {everybody, ours}
    assert set(visible(town.c.by)) == {everybody} and not visible(town.me).exists()


# --- mandates ------------------------------------------------------------------------------------


def test_a_mandate_begins_with_a_yes_and_ends_at_once(town, question):
    proxy, mandate, own = proxy_of(town, "look")
    assert Question.objects.visible_to(proxy).get() == question
    end_mandate(mandate=mandate, by=town.me, now=NOW)
    assert not Question.objects.visible_to(proxy).exists()
    with pytest.raises(AlreadyEnded):
        end_mandate(mandate=mandate, by=own, now=NOW)
    verbs = set(Fact.objects.filter(subject="mandate").values_list("verb", flat=True))
    assert verbs == {"mandate-ask", "mandate-begin", "mandate-end"}


def test_only_who_has_the_address_says_yes(town):
    row = ask_proxy(
        resident=town.resident, proxy=Proxy(name="Bo", email="bo@x.example", what=["look"]),
        by=town.me, now=NOW,
    )  # fmt: skip
    stranger = welcome_person(
        municipality=town.municipality, name="Vreemd", email="bo@x.example",
        account=account("vreemd@x.example"), by=SYSTEM,
    )  # fmt: skip
    for one in (Actor(HERE, Role.RESIDENT, person=stranger.pk), town.me, town.a.by):
        with pytest.raises(PeopleNotAllowed):
            accept_proxy(invitation=row, by=one, now=NOW)
    with pytest.raises(AlreadyHas):
        ask_proxy(
            resident=town.resident, proxy=Proxy(name="B", email="BO@x.example", what=["act"]),
            by=town.me, now=NOW,
        )  # fmt: skip
    with pytest.raises(PeopleNotAllowed):
        ask_proxy(
            resident=town.resident, proxy=Proxy(name="B", email="q@x.example", what=["act"]),
            by=Actor(HERE, Role.RESIDENT, person=stranger.pk), now=NOW,
        )  # fmt: skip


@pytest.mark.parametrize("what", [w for w in Mandate.What if w != Mandate.What.ACT])
def test_a_mandate_without_acting_decides_nothing(town, question, what):
    proxy, *_ = proxy_of(town, what)
    ground = consent(town, town.b)
    with pytest.raises(NotAllowed):
        stop_question(question=question, name="withdraw", by=proxy, now=NOW)
    with pytest.raises(PeopleNotAllowed):
        withdraw_ground(ground=ground, by=proxy, now=NOW)


def test_a_mandate_to_act_decides(town, question):
    proxy, *_ = proxy_of(town, "act")
    ground = consent(town, town.b)
    withdraw_ground(ground=ground, by=proxy, now=NOW)
    stop_question(question=question, name="own-way", by=proxy, now=NOW)
    reopen(question=question, by=proxy, now=NOW)


def test_a_mandate_by_law_is_recorded_and_suspended_by_the_team_and_not_ended_by_the_resident(
    town, question
):
    address = "cura@meierijstad.example"
    somebody = welcome_person(
        municipality=town.municipality, name="Cura Tor", email=address, account=account(address),
        by=SYSTEM,
    )  # fmt: skip
    given = {
        "question": question,
        "proxy": Proxy(name="Cura Tor", email=address, what=list(Mandate.What)),
        "kind": Mandate.Kind.CURATOR,
        "evidence": Mandate.Evidence.REGISTER,
        "now": NOW,
    }
    for one in (town.b.by, town.c.by, town.me):
        with pytest.raises((NotAllowed, PeopleNotAllowed)):
            record_legal_mandate(**given, by=one)
    row = record_legal_mandate(**given, by=town.a.by)
    own = Actor(HERE, Role.RESIDENT, person=somebody.pk)
    mandate = accept_proxy(invitation=row, by=own, now=NOW)
    assert mandate.evidence == "register" and mandate.recorded_by == town.a.by.key
    with pytest.raises(PeopleNotAllowed):
        end_mandate(mandate=mandate, by=town.me, now=NOW)
    proxy = Actor(HERE, Role.PROXY, person=somebody.pk, represents=town.resident.pk)
    assert Question.objects.visible_to(proxy).exists()
    for one in (town.a.by, town.b.boss):
        with pytest.raises(NotAllowed):
            suspend_for(question=question, mandate=mandate, is_on=True, by=one, now=NOW)
    suspend_for(question=question, mandate=mandate, is_on=True, by=town.a.boss, now=NOW)
    assert not Question.objects.visible_to(proxy).exists()
    suspend_mandate(mandate=mandate, is_on=False, by=town.a.boss, now=NOW)
    assert Question.objects.visible_to(proxy).exists()


def test_a_mandate_that_ran_out_can_be_given_again(town):
    _proxy, mandate, own = proxy_of(town, "look")
    yesterday = timezone.localdate() - timedelta(days=1)
    Mandate.objects.filter(pk=mandate.pk).update(starts_on=yesterday, ends_on=yesterday)
    row = ask_proxy(
        resident=town.resident,
        proxy=Proxy(name="Bo", email="bo@meierijstad.example", what=["talk"]), by=town.me, now=NOW,
    )  # fmt: skip
    assert accept_proxy(invitation=row, by=own, now=NOW).what == ["talk"]
