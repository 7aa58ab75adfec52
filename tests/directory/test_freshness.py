"""The ladder of reminders: who hears what on which day, and what happens when nobody answers."""

import re
from datetime import date, timedelta

import pytest

from omzien.cli.commands.worker import do_the_day, one_round
from omzien.directory.actions import freshness as actions
from omzien.directory.actions import withdraw
from omzien.directory.actions.edits import (
    NoReason,
    NothingChanged,
    approve_edit,
    propose_edit,
    reject_edit,
)
from omzien.directory.actions.freshness import NotPublic, confirm, leave_stale, remind
from omzien.directory.actions.reports import (
    AlreadySettled,
    NotOurs,
    report_wrong,
    settle_report,
    tell_overdue_reports,
)
from omzien.directory.models import Edit, Reminder, Report, SearchTokens, Service
from omzien.directory.queries import indexes
from omzien.directory.queries.editors import queue
from omzien.directory.rules import (
    Freshness,
    due_on,
    freshness,
    leaves_on,
    step_due,
)
from omzien.journal.isolation import SHARED, working_for
from omzien.journal.models import Fact
from omzien.kernel.workdays import working_days_until
from omzien.messages.models import Message
from omzien.people.rules.roles import PUBLIC

pytestmark = pytest.mark.django_db
CHECKED = date(2026, 11, 25)
DUE = CHECKED + timedelta(days=180)
OWNER, EDITORS = "eigenaar@voorbeeld.example", "redactie@voorbeeld.example"


@pytest.fixture
def town(world):
    """Meierijstad, where the desk for money is due first and the living room stays fresh."""
    world.meierijstad.editors_email = EDITORS
    world.meierijstad.save()
    with working_for("GM1948"):
        far = CHECKED + timedelta(days=2000)
        Service.objects.filter(pk=world.huiskamer.pk).update(
            checked_on=far, contacts_checked_on=far
        )
    return world


def day(number: int) -> date:
    """Return the day that lies `number` days after the due day."""
    return DUE + timedelta(days=number)


def ladder(town, *numbers: int) -> list[int]:
    """Run the worker's day on days after the due day; return the steps that were sent."""
    for number in numbers:
        remind(municipality=town.meierijstad, on=day(number))
        leave_stale(municipality=town.meierijstad, on=day(number))
    with working_for("GM1948"):
        return list(Reminder.objects.order_by("sent_on").values_list("step", flat=True))


def mails(recipient: str = OWNER) -> list[Message]:
    with working_for("GM1948"):
        return list(Message.objects.filter(recipient=recipient).order_by("created_at"))


def fresh(service: Service) -> Service:
    with working_for("GM1948"):
        return Service.objects.get(pk=service.pk)


# Rules


def test_contacts_are_due_after_half_a_year_and_all_after_a_year():
    year = due_on(
        contacts_checked_on=CHECKED + timedelta(300), checked_on=CHECKED, added_on=CHECKED
    )
    assert year == CHECKED + timedelta(365)
    assert due_on(contacts_checked_on=None, checked_on=CHECKED, added_on=CHECKED) == DUE
    assert due_on(contacts_checked_on=None, checked_on=None, added_on=CHECKED) == CHECKED


@pytest.mark.parametrize(
    "over,step", [(-1, None), (0, 0), (13, 0), (14, 1), (20, 1), (21, 2), (500, 2)]
)
def test_a_step_is_due_from_its_day(over, step):
    assert step_due(DUE, on=day(over)) == step


@pytest.mark.parametrize(
    "over,expected",
    [(-1, "fresh"), (0, "due"), (14, "stale"), (21, "sunk"), (89, "sunk"), (90, "left")],
)
def test_an_entry_is_marked_then_sinks_then_leaves(over, expected):
    found = freshness(contacts_checked_on=CHECKED, checked_on=CHECKED, on=day(over))
    assert found == Freshness(expected)


def test_nothing_leaves_within_two_weeks_of_its_last_mail():
    assert leaves_on(DUE, warned_on=day(21)) == day(90)
    assert leaves_on(DUE, warned_on=day(400)) == day(414)


def test_the_clock_counts_working_days():
    friday = date(2026, 11, 27)
    assert working_days_until(date(2026, 12, 1), on=friday) == 2
    assert working_days_until(friday, on=friday) == 0
    assert working_days_until(friday, on=date(2026, 11, 30)) < 0


# Reminders


def test_an_owner_is_reminded_on_day_0_14_and_21_once_each(town):
    assert ladder(town, *range(-3, 40)) == [0, 1, 2]
    with working_for("GM1948"):
        sent = Reminder.objects.order_by("step").values_list("sent_on", flat=True)
        assert list(sent) == [day(0), day(14), day(21)]
        assert Fact.objects.filter(verb="remind").count() == 3
    assert len(mails()) == 3


def test_the_mail_says_all_that_is_shown_and_how_to_answer(town):
    ladder(town, 0)
    (mail,) = mails()
    for fact in ("Loket Geldzaken", "Gemeente, loket Geldzaken", "0413-555 101", "Hulp bij schul"):
        assert fact in mail.body
    links = re.findall(r"http://meierijstad\.localhost:8000/(bevestig|wijzig)/\S+", mail.body)
    assert links == ["bevestig", "wijzig"]
    assert "Laatste" not in mail.subject and "account" in mail.body


def test_the_last_mail_says_when_it_sinks_and_leaves(town):
    ladder(town, 21)
    (mail,) = mails()
    assert mail.subject.startswith("Laatste herinnering")
    assert "14 juni 2027" in mail.body  # sinks
    assert "22 augustus 2027" in mail.body  # leaves


def test_a_worker_that_was_down_for_thirty_days_sends_the_latest_step_once(town):
    assert ladder(town, -2, 30, 30, 31) == [2]
    assert len(mails()) == 1


def test_a_worker_that_was_down_for_a_year_lets_nothing_leave_without_warning(town):
    assert ladder(town, 400, 401, 413) == [2]
    assert fresh(town.geldzaken).left_on is None
    assert "25 juni 2028" not in mails()[0].body
    ladder(town, 414)
    assert fresh(town.geldzaken).left_on == day(414)


def test_reminding_twice_on_one_day_sends_one_mail(town):
    assert remind(municipality=town.meierijstad, on=day(0)) == 1
    assert remind(municipality=town.meierijstad, on=day(0)) == 0
    assert len(mails()) == 1


def test_a_confirmed_entry_starts_a_new_round_half_a_year_later(town):
    ladder(town, 0)
    with working_for("GM1948"):
        confirm(service=town.geldzaken, what="all", on=day(2), by="owner")
        assert Reminder.objects.get().answered_at is not None
    assert ladder(town, 14, 21, 181) == [0]
    assert ladder(town, 182) == [0, 0]


def test_an_entry_without_an_owner_gets_no_mail_stays_and_stands_in_the_queue(town):
    with working_for("GM1948"):
        Service.objects.filter(pk=town.geldzaken.pk).update(owner_email="")
    assert ladder(town, 0, 14, 21, 90, 300) == []
    assert fresh(town.geldzaken).left_on is None
    with working_for("GM1948"):
        waiting = queue(town.meierijstad, on=day(300)).unkept
    own = [one for one in waiting if one.service.municipality_id]
    assert [(w.service.pk, w.leaves_on) for w in own] == [(town.geldzaken.pk, None)]


def test_another_municipalitys_and_shared_entries_are_left_alone(town):
    ladder(town, 0)
    with working_for("GM1991"):
        assert Message.objects.count() == 0
        assert Reminder.objects.count() == 0
    with working_for(SHARED):
        assert Message.objects.count() == 0
        assert Reminder.objects.count() == 0


def test_one_entry_that_breaks_does_not_keep_the_others_from_being_reminded(
    town, monkeypatch, caplog
):
    with working_for("GM1948"):
        Service.objects.filter(pk=town.huiskamer.pk).update(
            checked_on=CHECKED, contacts_checked_on=CHECKED
        )
    real = actions.letters.reminder

    def broken(service, **more):
        if service.pk == town.huiskamer.pk:
            raise RuntimeError
        return real(service, **more)

    monkeypatch.setattr(actions.letters, "reminder", broken)
    assert remind(municipality=town.meierijstad, on=day(0)) == 1
    assert str(town.huiskamer.pk) in caplog.text
    caplog.clear()
    monkeypatch.undo()
    assert remind(municipality=town.meierijstad, on=day(1)) == 1
    assert len(mails()) == 2


# Leaving


def test_after_ninety_days_it_leaves_and_owner_and_editors_hear_it(town):
    ladder(town, 0, 14, 21, 89)
    assert fresh(town.geldzaken).left_on is None
    ladder(town, 90, 91)
    with working_for("GM1948"):
        assert not Service.objects.visible_to(PUBLIC).filter(pk=town.geldzaken.pk).exists()
        assert Fact.objects.filter(verb="leave").count() == 1
        assert [s.pk for s in queue(town.meierijstad, on=day(91)).left] == [town.geldzaken.pk]
    assert "staat niet meer op Omzien" in mails()[-1].body
    assert [m.subject for m in mails(EDITORS)] == ["Van de site: Loket Geldzaken"]


def test_what_left_comes_back_when_the_owner_confirms(town):
    ladder(town, 0, 14, 21, 90)
    with working_for("GM1948"):
        confirm(service=town.geldzaken, what="all", on=day(95), by="owner")
        assert Service.objects.visible_to(PUBLIC).filter(pk=town.geldzaken.pk).exists()


def test_what_sinks_stands_lower_in_search_and_what_left_is_not_found(town):
    from omzien.directory.actions import load_topics, reindex
    from omzien.directory.search.answer import answer

    def scores(on):
        indexes.forget()
        with working_for("GM1948"):
            index, thesaurus = indexes.index_for("GM1948", on=on)
            hits = answer("ik heb schulden", index, thesaurus=thesaurus).hits
            return {h.entry.id: h.score for h in hits}

    load_topics()
    with working_for("GM1948"):
        reindex(Service.objects.filter(municipality="GM1948").select_related("provider"))
        assert SearchTokens.objects.count() == 2
    key = str(town.geldzaken.pk)
    before, after = scores(day(-1))[key], scores(day(21))[key]
    assert after == pytest.approx(before * indexes.SUNK_TRUST, rel=0.01)
    ladder(town, 0, 14, 21, 90)
    assert key not in scores(day(90))


def test_a_waiting_edit_holds_the_ladder(town):
    with working_for("GM1948"):
        propose_edit(service=town.geldzaken, changes={"cost": "gratis"}, by="owner")
    assert ladder(town, 0, 14, 21, 90, 200) == []
    assert fresh(town.geldzaken).left_on is None


# Confirming


def test_confirming_contacts_leaves_the_rest_as_it_was(town):
    with working_for("GM1948"):
        confirm(service=town.geldzaken, what="contacts", on=day(0), by="owner")
    assert fresh(town.geldzaken).contacts_checked_on == day(0)
    assert fresh(town.geldzaken).checked_on == CHECKED


def test_confirming_twice_on_a_day_is_one_fact(town):
    with working_for("GM1948"):
        for _ in range(2):
            confirm(service=town.geldzaken, what="all", on=day(0), by="owner")
        assert Fact.objects.filter(verb="confirm").count() == 1


def test_what_was_withdrawn_cannot_be_confirmed(town):
    with working_for("GM1948"):
        withdraw(service=town.geldzaken, on=day(0), by="editor")
        with pytest.raises(NotPublic):
            confirm(service=town.geldzaken, what="all", on=day(1), by="owner")


# Edits


def propose(town, **changes):
    return propose_edit(service=town.geldzaken, changes=changes, by="owner")


def test_the_approved_version_stays_public_until_the_editors_approve(town):
    with working_for("GM1948"):
        edit = propose(town, title="Geldloket", phones=[["0413-555 999", "ma-vr"]], cost="")
        assert edit.changes == {"title": "Geldloket", "phones": [["0413-555 999", "ma-vr"]]}
        assert Service.objects.get(pk=town.geldzaken.pk).title == "Loket Geldzaken"
        approve_edit(edit=edit, by="editor-1", on=edit.created_at.date())
        now = Service.objects.get(pk=town.geldzaken.pk)
        assert (now.title, now.slug) == ("Geldloket", "loket-geldzaken")
        assert [(p.number, p.note) for p in now.phones.all()] == [("0413-555 999", "ma-vr")]
        assert Fact.objects.filter(verb__in=["propose", "change", "approve"]).count() == 3
    assert "staat op de site" in mails()[-1].subject
    assert "goed te keuren" in mails(EDITORS)[0].subject


def test_a_rejected_edit_changes_nothing_and_says_why(town):
    with working_for("GM1948"):
        edit = propose(town, title="KOOP NU")
        with pytest.raises(NoReason):
            reject_edit(edit=edit, reason="  ", by="editor-1")
        reject_edit(edit=edit, reason="Dit is reclame.", by="editor-1")
        with pytest.raises(AlreadySettled):
            approve_edit(edit=edit, by="editor-2", on=CHECKED)
        assert Service.objects.get(pk=town.geldzaken.pk).title == "Loket Geldzaken"
    assert "Dit is reclame." in mails()[-1].body


def test_a_newer_proposal_takes_the_place_of_the_one_that_waits(town):
    with working_for("GM1948"):
        first = propose(town, title="Eerste")
        second = propose(town, title="Tweede")
        assert Edit.objects.get(state="waiting") == second
        with pytest.raises(AlreadySettled):
            approve_edit(edit=first, by="editor-1", on=CHECKED)


def test_nothing_changed_and_unknown_fields_are_no_edit(town):
    with working_for("GM1948"), pytest.raises(NothingChanged):
        propose(
            town, title="Loket Geldzaken", status="withdrawn", owner_email="x@voorbeeld.example"
        )


def test_html_and_sql_in_an_edit_stay_text(town):
    text = "<script>alert(1)</script>'; DROP TABLE directory_service; --"
    with working_for("GM1948"):
        approve_edit(edit=propose(town, description=text), by="editor-1", on=CHECKED)
        assert Service.objects.get(pk=town.geldzaken.pk).description == text


def test_a_remark_about_something_else_confirms_only_the_contacts(town):
    with working_for("GM1948"):
        Service.objects.filter(pk=town.geldzaken.pk).update(
            checked_on=date(2020, 1, 1), contacts_checked_on=date(2020, 1, 1)
        )
        edit = propose(town, cost="gratis", remark="De tijden kloppen niet.")
        approve_edit(edit=edit, by="editor-1", on=edit.created_at.date())
        now = Service.objects.get(pk=town.geldzaken.pk)
    assert now.checked_on == date(2020, 1, 1) and now.contacts_checked_on > date(2020, 1, 1)


# Reports


def report(town, service=None, on=CHECKED, about="times"):
    return report_wrong(
        municipality=town.meierijstad,
        service=service or town.geldzaken,
        about=about,
        text="Jan Jansen zegt: dicht op vrijdag",
        on=on,
    )


def test_owner_and_editors_hear_of_a_report_with_its_day_and_without_its_words(town):
    with working_for("GM1948"):
        made = report(town)
    assert made.due_on == date(2026, 12, 2)
    assert "2 december 2026" in mails()[0].body and "2 december 2026" in mails(EDITORS)[0].body
    assert "Jan Jansen" not in mails()[0].body + mails(EDITORS)[0].body


def test_a_flood_of_reports_is_one_mail_a_day_and_every_report_is_kept(town):
    with working_for("GM1948"):
        for _ in range(20):
            report(town)
        assert Report.objects.count() == 20
    assert len(mails()) == 1 and len(mails(EDITORS)) == 1


def test_a_report_on_a_national_entry_goes_to_the_editors_here(town):
    with working_for("GM1948"):
        made = report(town, town.luisterlijn)
        with pytest.raises(NotOurs):
            settle_report(report=made, outcome="removed", on=CHECKED, by="editor-1")
        settle_report(report=made, outcome="passed-on", on=CHECKED, by="editor-1")
    assert mails() == [] and len(mails(EDITORS)) == 1


def test_a_report_is_settled_once_and_the_owner_hears_it(town):
    with working_for("GM1948"):
        made = report(town)
        settle_report(report=made, outcome="correct", on=CHECKED, by="editor-1")
        with pytest.raises(AlreadySettled):
            settle_report(report=made, outcome="changed", on=CHECKED, by="editor-2")
        assert queue(town.meierijstad, on=CHECKED).report_count == 0
    assert "toch klopt" in mails()[-1].body


def test_a_report_can_take_the_entry_out(town):
    with working_for("GM1948"):
        settle_report(report=report(town), outcome="removed", on=CHECKED, by="editor-1")
        assert not Service.objects.visible_to(PUBLIC).filter(pk=town.geldzaken.pk).exists()


def test_the_editors_hear_once_that_a_report_is_late(town):
    with working_for("GM1948"):
        report(town)
    for number in (7, 8, 9, 30):
        tell_overdue_reports(municipality=town.meierijstad, on=CHECKED + timedelta(days=number))
    assert [m.subject for m in mails(EDITORS)][1:] == ["Te laat: melding over Loket Geldzaken"]


# The worker


def test_the_worker_does_a_day_once_and_says_what_it_did(town):
    assert do_the_day(on=day(0)) == [
        "Meierijstad, herinneringen: 1",
        "Maashorst, herinneringen: 1",
    ]
    assert do_the_day(on=day(0)) == []
    with working_for("GM1948"):
        assert Fact.objects.filter(verb="work", subject_id=str(day(0))).count() == 1


def test_a_worker_that_stopped_halfway_starts_the_day_again(town, monkeypatch):
    from omzien.cli.commands import worker

    def stop(*_arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(worker, "_mark_done", stop)
    with pytest.raises(KeyboardInterrupt):
        do_the_day(on=day(0))
    monkeypatch.undo()
    assert do_the_day(on=day(0)) == ["Maashorst, herinneringen: 1"]
    assert len(mails()) == 1


def test_a_second_worker_waits(town, monkeypatch):
    import psycopg
    from django.db import connection

    from omzien.cli.commands.worker import LOCK

    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        assert "andere worker" in one_round()
        other.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
    assert "andere worker" not in one_round()
