"""What a law let share without telling the resident: nobody at home reads of it, until told."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from omzien.handovers.actions.along import involve
from omzien.handovers.actions.consenting import ByLaw, let_share
from omzien.people.actions.memberships import welcome_person
from omzien.people.logs.words import role_name
from omzien.people.models import Ground, Mandate
from omzien.people.rules.grounds import Category, GroundKind, What
from omzien.people.rules.roles import SYSTEM, Role
from omzien.questions.actions.discussing import Plan, plan_discussion
from omzien.questions.models import Discussion
from tests.casework import a_question
from tests.handovers.conftest import text
from tests.signing import HAT, account

pytestmark = pytest.mark.django_db
SECRETS = ("Team B", "UITLEG", "PARTNERLEEST", "DOELGEHEIM", "NIETGEVRAAGD", "MEEDEEL")


@pytest.fixture
def untold(town):
    """Team B may read by a law, works along, and is asked to a talk; nobody told the resident."""
    now = timezone.now()
    question = a_question(town, now=now)
    law = ByLaw(
        kind=GroundKind.VITAL_INTEREST, article="art. 6 lid 1 onder d", explanation="UITLEG",
        categories=(Category.STORY,), is_informed=False, not_informed_because="PARTNERLEEST",
    )  # fmt: skip
    let_share(question=question, team=town.b.team, ground=law, by=town.a.by, now=now)
    now = timezone.now()
    involve(question=question, team=town.b.team, part="MEEDEEL", by=town.a.by, now=now)
    talk = Plan(purpose="DOELGEHEIM", at=now + timedelta(days=2), teams=[town.b.team.pk],
                invite_resident=False, not_invited_because="NIETGEVRAAGD")  # fmt: skip
    plan_discussion(question=question, plan=talk, by=town.a.by, now=now)
    return question


@pytest.fixture
def proxy(town, at_desk):
    """Return the browser of somebody who may look, and act, for the resident."""
    who = welcome_person(
        municipality=town.municipality, name="Paul Partner", email="paul@voorbeeld.example",
        account=account("paul@voorbeeld.example"), by=SYSTEM,
    )  # fmt: skip
    mandate = Mandate.objects.create(
        municipality=town.municipality, resident=town.resident, proxy=who, what=["look", "act"],
        starts_on=timezone.localdate(), confirmed_at=timezone.now(),
    )  # fmt: skip
    browser = at_desk(who)
    session = browser.client.session
    session[HAT] = f"mandate:{mandate.pk}"
    session.save()
    return browser


def at_home(question):
    """Return where at home one reads what happened with a question."""
    pages = [reverse(name, args=[question.pk]) for name in ("my-sharing", "my-question")]
    return [*pages, reverse("my-file", args=[question.pk, "json"])]


def found_in(browser, paths):
    seen = "".join(text(browser.get(path)) for path in paths)
    assert seen
    return [one for one in SECRETS if one in seen]


def looks_of(browser):
    return text(browser.get(reverse("who-looked")))


def test_nobody_at_home_reads_what_the_resident_was_not_told(town, untold, proxy, at_desk):
    at_desk(town.b.worker).get(reverse("question", args=[untold.pk]))
    paths = [*at_home(untold), reverse("own-data")]
    assert found_in(at_desk(town.resident), paths) == []
    assert found_in(proxy, at_home(untold)) == []


def test_who_reads_because_of_a_danger_stands_nowhere_until_it_is_told(
    town, untold, proxy, at_desk
):
    for _ in range(3):
        assert at_desk(town.b.worker).get(reverse("question", args=[untold.pk])).status_code == 200
    role = role_name(Role.TEAM_MEMBER).lower()
    before = looks_of(at_desk(town.resident)).lower().count(role)
    tell(town, untold, at_desk)
    assert looks_of(at_desk(town.resident)).lower().count(role) == before + 1


def tell(town, question, at_desk):
    ground = Ground.objects.get(person=town.resident)
    browser = at_desk(town.a.worker)
    assert "De inwoner weet het nu" in text(browser.get(reverse("offer", args=[question.pk])))
    sent = {"doe": "told", "over": str(ground.pk)}
    answer = browser.post(reverse("offer", args=[question.pk]), sent)
    assert answer.status_code == 302
    again = browser.post(reverse("offer", args=[question.pk]), sent)
    assert again.status_code == 404, "told once"


def test_once_told_the_resident_reads_it_and_it_still_holds(town, untold, proxy, at_desk):
    tell(town, untold, at_desk)
    ground = Ground.objects.get(person=town.resident)
    assert [one.what for one in ground.events.all()] == [What.GIVEN, What.TOLD]
    assert Ground.objects.holding(at=timezone.now()).filter(pk=ground.pk).exists()
    assert {"Team B", "UITLEG", "MEEDEEL"} <= set(found_in(at_desk(town.resident), at_home(untold)))
    assert "UITLEG" in text(at_desk(town.resident).get(reverse("own-data")))
    assert found_in(proxy, at_home(untold)) == [], "who speaks for them may be the danger"


def test_of_a_talk_without_them_the_resident_reads_when_the_team_told_it(
    town, untold, proxy, at_desk
):
    Discussion.objects.update(at=timezone.now() - timedelta(days=1))
    worker, page = at_desk(town.a.worker), reverse("discussions", args=[untold.pk])
    assert "De inwoner leest hier nog niets van." in text(worker.get(page))
    change = reverse("change-discussion", args=[Discussion.objects.get().pk])
    assert at_desk(town.b.worker).post(change, {"told": "ja"}).status_code == 404
    said = text(worker.post(change, {"told": "ja"}, follow=True))
    assert "De inwoner weet dit sinds" in said and "leest hier nog niets van" not in said
    paths = [*at_home(untold), reverse("own-data")]
    # The law by which Team B reads is told apart: until then that team is not named.
    seen = set(found_in(at_desk(town.resident), paths))
    assert {"DOELGEHEIM", "NIETGEVRAAGD"} == seen
    assert found_in(proxy, at_home(untold)) == [], "who speaks for them may be the danger"
    tell(town, untold, at_desk)
    mine = text(at_desk(town.resident).get(reverse("my-question", args=[untold.pk])))
    assert "Wie: Team A, Team B" in mine and "Je was hier niet bij: NIETGEVRAAGD" in mine


def test_another_team_does_not_say_that_the_resident_knows(town, untold, at_desk):
    ground = Ground.objects.get(person=town.resident)
    sent = {"doe": "told", "over": str(ground.pk)}
    answer = at_desk(town.b.worker).post(reverse("offer", args=[untold.pk]), sent)
    assert answer.status_code == 404 and ground.events.count() == 1
