"""A team that loses its last reader: who keeps Omzien gets a mail, each time that it happens."""

from datetime import timedelta

import pytest
from django.utils import timezone

from omzien.journal.models import Fact
from omzien.messages.models import Message
from omzien.messages.rights import may_still_go
from omzien.people.actions.memberships import (
    appoint,
    be_away,
    be_back,
    end_membership,
    name_cover,
)
from omzien.people.actions.sessions import close_account
from omzien.people.actions.starting import own_organisation
from omzien.people.actions.teams import form_team
from omzien.people.models import Membership
from omzien.people.rules.roles import SYSTEM, Role
from omzien.questions.actions.clock import run_clocks
from omzien.questions.actions.readers import run_readers
from omzien.questions.queries.routing import teams_all_away
from tests.casework import NOW, STORY, a_member, a_question
from tests.worlds import TODAY

pytestmark = pytest.mark.django_db
KEEPER = "fien.functie@meierijstad.example"
DAY = timedelta(days=1)


@pytest.fixture
def keeper(town):
    own = own_organisation(town.municipality)
    return a_member(town.municipality, "Fien Functie", own, Role.FUNCTIONAL_MANAGER, None)


def mails():
    return Message.objects.filter(code="team-unread").order_by("pk")


def leave(desk):
    for one in (desk.worker, desk.coordinator):
        end_membership(membership=one, by=SYSTEM)


def test_who_keeps_omzien_gets_one_mail_without_a_word_of_a_resident(town, keeper):
    a_question(town)
    assert run_readers(town.municipality, NOW) == 0
    end_membership(membership=town.a.worker, by=SYSTEM)
    assert run_readers(town.municipality, NOW) == 0  # the coordinator reads
    end_membership(membership=town.a.coordinator, by=SYSTEM)
    assert run_clocks(town.municipality, NOW) == 1
    assert [run_readers(town.municipality, NOW + DAY * n) for n in (0, 1, 90)] == [0, 0, 0]
    mail = mails().get()
    assert mail.recipient == KEEPER and "/beheer/teams" in mail.body
    assert not any(word in mail.subject + mail.body for word in ("Rina", STORY[:10], "Team A"))
    assert Fact.objects.get(verb="lose-readers").subject_id == str(town.a.team.pk)


def test_a_role_that_ends_on_a_day_is_found_the_day_after(town, keeper):
    Membership.objects.filter(team=town.a.team).update(ends_on=timezone.localdate(NOW))
    assert run_readers(town.municipality, NOW) == 0
    assert run_readers(town.municipality, NOW + DAY) == 1
    assert mails().count() == 1


def test_a_closed_account_reads_nothing(town, keeper):
    for one in (town.a.worker, town.a.coordinator):
        close_account(account=one.person.account, by=SYSTEM)
    assert run_readers(town.municipality, NOW) == 1


def test_a_team_of_which_all_are_away_is_told_from_that_day_until_a_colleague_stands_in(
    town, keeper
):
    today = timezone.localdate(NOW)
    away = [
        be_away(membership=one, first_on=today + DAY, last_on=today + DAY * 9, by=SYSTEM)
        for one in (town.a.worker, town.a.coordinator)
    ]
    assert run_readers(town.municipality, NOW) == 0
    assert [run_readers(town.municipality, NOW + DAY * n) for n in (1, 1, 2)] == [1, 0, 0]
    assert mails().get().recipient == KEEPER
    name_cover(absence=away[0], cover=town.b.worker, by=SYSTEM)  # who reads nothing of this team
    assert run_readers(town.municipality, NOW + DAY * 3) == 0
    assert [one.pk for one in teams_all_away(town.municipality.code, on=today + DAY * 3)] == [
        town.a.team.pk
    ]
    colleague = appoint(
        person=town.b.worker.person, organisation=town.a.worker.organisation, team=town.a.team,
        role=Role.TEAM_MEMBER, starts_on=today, by=SYSTEM,
    )  # fmt: skip
    assert teams_all_away(town.municipality.code, on=today + DAY * 3) == []
    assert run_readers(town.municipality, NOW + DAY * 3) == 0
    end_membership(membership=colleague, by=SYSTEM)
    # once more, now that nobody stands in again; they come back on the tenth day
    assert [run_readers(town.municipality, NOW + DAY * n) for n in (4, 5, 10, 11)] == [1, 0, 0, 0]
    assert mails().count() == 2


def test_a_mail_that_all_are_away_goes_no_more_once_somebody_is_back(town, keeper):
    today = timezone.localdate(NOW)
    be_away(membership=town.a.worker, first_on=today, last_on=today, by=SYSTEM)
    assert run_readers(town.municipality, NOW) == 0  # the coordinator reads
    away = be_away(membership=town.a.coordinator, first_on=today, last_on=today, by=SYSTEM)
    assert run_readers(town.municipality, NOW) == 1
    assert may_still_go(mails().get())
    be_back(absence=away, by=SYSTEM)
    assert not may_still_go(mails().get())


def test_again_when_it_happens_again_and_not_for_a_mail_that_is_too_late(town, keeper):
    leave(town.a)
    assert run_readers(town.municipality, NOW) == 1
    assert may_still_go(mails().get())
    new = appoint(
        person=town.b.worker.person, organisation=own_organisation(town.municipality),
        role=Role.TEAM_MEMBER, team=town.a.team, starts_on=TODAY, by=SYSTEM,
    )  # fmt: skip
    assert not may_still_go(mails().get())
    assert run_readers(town.municipality, NOW + DAY) == 0
    end_membership(membership=new, by=SYSTEM)
    assert [run_readers(town.municipality, NOW + DAY * 2) for _ in range(2)] == [1, 0]
    assert mails().count() == 2 and {one.recipient for one in mails()} == {KEEPER}


def test_a_team_in_which_nobody_ever_read_lost_nobody(town, keeper):
    team = form_team(municipality=town.municipality, name="Nieuw", by=SYSTEM)
    assert run_readers(town.municipality, NOW) == 0
    appoint(
        person=town.b.worker.person, organisation=own_organisation(town.municipality),
        role=Role.TEAM_MEMBER, team=team, starts_on=timezone.localdate(NOW) + DAY, by=SYSTEM,
    )  # fmt: skip
    assert run_readers(town.municipality, NOW) == 0  # from tomorrow on


def test_who_keeps_omzien_no_more_gets_it_no_more(town, keeper):
    leave(town.a)
    run_readers(town.municipality, NOW)
    end_membership(membership=keeper, by=SYSTEM)
    assert not may_still_go(mails().get())
