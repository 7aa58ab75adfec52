"""The own network: held by the resident, shown to whom they choose, gone at once."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from omzien.handovers.actions.answering import accept, meet
from omzien.handovers.rules.states import ContactKind
from omzien.journal.models import Fact
from omzien.people.actions.memberships import welcome_person
from omzien.people.models import Mandate
from omzien.people.rules.roles import SYSTEM, Actor, Role
from omzien.questions.actions.forgetting import anonymise
from omzien.questions.actions.network import (
    ForSchool,
    Known,
    allow_school,
    draw_tie,
    remove_tie,
    share_network,
    stop_sharing,
    withdraw_school,
)
from omzien.questions.actions.working import stop
from omzien.questions.models import NetworkShare, Tie, YoungCarerSignal
from omzien.questions.refusals import (
    NeedsConsent,
    NeedsResident,
    NeedsWords,
    NotAFirstName,
    NotAllowed,
    NotLive,
    NotShared,
    TooMany,
)
from omzien.questions.rules.network import MOST_TIES, Often, Relation
from omzien.questions.rules.support import Support
from tests.casework import NOW, a_question, an_offer, consent
from tests.worlds import TODAY

pytestmark = pytest.mark.django_db


def known(name="Bas", **more):
    fields = {
        "name": name,
        "relation": Relation.NEIGHBOUR,
        "kinds": [Support.COMPANY, Support.PRACTICAL],
        "closeness": 2,
        "how_often": Often.WEEKLY,
    }
    return Known(**(fields | more))


def draw(town, by=None, **more):
    fields = {"person": town.resident, "known": known(), "by": by or town.me, "now": NOW}
    return draw_tie(**(fields | more))


def test_a_resident_draws_changes_and_removes(town):
    tie = draw(town)
    assert (tie.name, tie.kinds, tie.together) == ("Bas", ["P", "G"], False)
    draw(town, tie=tie, known=known("Bea", closeness=1))
    assert list(Tie.objects.visible_to(town.me).values_list("name", "closeness")) == [("Bea", 1)]
    remove_tie(tie=tie, by=town.me)
    assert not Tie.objects.exists()
    verbs = Fact.objects.filter(subject="tie").order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["draw-tie", "change-tie", "remove-tie"]
    assert "Bas" not in str(list(Fact.objects.values_list("details", flat=True)))


def test_a_resident_who_draws_alone_cannot_say_that_a_worker_was_there(town):
    tie = draw(town, together=True)
    draw(town, tie=tie, together=True)
    tie.refresh_from_db()
    assert not tie.together


def test_a_surname_is_refused_and_the_database_keeps_it_out(town):
    for typed in ("Bas Boer", "", "B. Boer"):
        with pytest.raises(NotAFirstName):
            draw(town, known=known(typed))
    tie = draw(town)
    with pytest.raises(IntegrityError), transaction.atomic():
        Tie.objects.filter(pk=tie.pk).update(name="Bas Boer")


def test_a_map_has_an_end(town):
    for _number in range(MOST_TIES):
        draw(town)
    with pytest.raises(TooMany):
        draw(town)


def test_a_worker_sees_nothing_until_it_is_shared_and_nothing_after(town):
    question = a_question(town)
    draw(town)
    assert not Tie.objects.visible_to(town.a.by)
    share = share_network(question=question, by=town.me, now=NOW)
    assert share_network(question=question, by=town.me, now=NOW) == share
    assert Tie.objects.visible_to(town.a.by).count() == 1
    assert not Tie.objects.visible_to(town.b.by) and not Tie.objects.visible_to(town.c.by)
    assert not Tie.objects.visible_to(town.a.boss)  # the role table gives a coordinator none
    stop_sharing(share=share, by=town.me, now=NOW)
    stop_sharing(share=share, by=town.me, now=NOW)
    assert not Tie.objects.visible_to(town.a.by)
    assert Fact.objects.filter(verb="stop-sharing-network").count() == 1


def hand_over(town, question, desk):
    """Let a question become another desk's, the only way there is."""
    consent(town, desk)
    slip = an_offer(question, desk, town)
    accept(handover=slip, contact_name="Wim", by=desk.by, now=NOW)
    meet(
        handover=slip, met_on=timezone.localdate(NOW), met_by=ContactKind.VISIT,
        resident_was_there=True, by=desk.by, now=NOW,
    )  # fmt: skip


def test_a_team_that_takes_over_asks_anew_and_an_ended_question_shows_nothing(town):
    question = a_question(town)
    draw(town)
    share_network(question=question, by=town.me, now=NOW)
    hand_over(town, question, town.b)
    assert not Tie.objects.visible_to(town.a.by) and not Tie.objects.visible_to(town.b.by)
    share_network(question=question, by=town.me, now=NOW)
    assert Tie.objects.visible_to(town.b.by) and not Tie.objects.visible_to(town.a.by)
    stop(question=question, name="withdraw", by=town.me, now=NOW)
    assert not Tie.objects.visible_to(town.b.by)
    with pytest.raises(NotLive):
        share_network(question=question, by=town.me, now=NOW)


def test_only_the_resident_shares_and_stops(town):
    question = a_question(town)
    share = share_network(question=question, by=town.me, now=NOW)
    for by in (town.a.by, town.a.boss, town.b.by):
        with pytest.raises(NotAllowed):
            share_network(question=question, by=by, now=NOW)
        with pytest.raises(NotAllowed):
            stop_sharing(share=share, by=by, now=NOW)


def test_a_worker_draws_only_on_a_shared_map_and_together(town):
    question = a_question(town)
    with pytest.raises(NotShared):
        draw(town, by=town.a.by, together=True)
    share = share_network(question=question, by=town.me, now=NOW)
    with pytest.raises(NeedsResident):
        draw(town, by=town.a.by)
    tie = draw(town, by=town.a.by, together=True)
    assert tie.together and Fact.objects.get(verb="draw-tie").details == {"together": True}
    with pytest.raises(NotShared):
        draw(town, by=town.b.by, together=True)
    with pytest.raises(NotAllowed):
        draw(town, by=town.c.by, together=True)
    stop_sharing(share=share, by=town.me, now=NOW)
    with pytest.raises(NotShared):
        remove_tie(tie=tie, by=town.a.by, together=True)


def test_the_tie_of_another_map_cannot_be_changed_through_ones_own(town):
    other = welcome_person(municipality=town.municipality, name="Piet Post", by=SYSTEM)
    tie = draw(town)
    stranger = Actor("GM1948", Role.RESIDENT, person=other.pk)
    with pytest.raises(NotAllowed):
        draw(town, by=stranger)
    with pytest.raises(NotAllowed):
        draw(town, by=stranger, person=other, tie=tie)
    with pytest.raises(NotAllowed):
        remove_tie(tie=tie, by=stranger)
    assert not Tie.objects.visible_to(stranger)


def a_proxy(town, what=("look",)):
    person = welcome_person(municipality=town.municipality, name="Dirk Roos", by=SYSTEM)
    mandate = Mandate.objects.create(
        municipality=town.municipality, resident=town.resident, proxy=person, what=list(what),
        starts_on=TODAY.replace(year=2020), confirmed_at=timezone.now(),
    )  # fmt: skip
    actor = Actor("GM1948", Role.PROXY, person=person.pk, represents=town.resident.pk)
    return person, mandate, actor


def test_a_proxy_sees_the_map_only_when_shared_and_while_the_mandate_holds(town):
    question = a_question(town)
    draw(town)
    person, mandate, proxy = a_proxy(town)
    assert not Tie.objects.visible_to(proxy)
    share_network(question=question, by=town.me, now=timezone.now(), proxy=person)
    assert Tie.objects.visible_to(proxy).count() == 1
    assert not Tie.objects.visible_to(town.a.by)
    with pytest.raises(NotAllowed):
        draw(town, by=proxy)
    Mandate.objects.filter(pk=mandate.pk).update(revoked_at=timezone.now())
    assert not Tie.objects.visible_to(proxy)
    with pytest.raises(NotAllowed):  # no mandate, no share
        share_network(question=question, by=town.me, now=timezone.now(), proxy=person)


def test_who_is_on_the_map_is_forgotten_with_the_last_question(town):
    first, second = a_question(town), a_question(town)
    draw(town)
    share_network(question=first, by=town.me, now=NOW)
    for question in (first, second):
        stop(question=question, name="withdraw", by=town.me, now=NOW)
    anonymise(question=first)
    assert Tie.objects.count() == 1 and not NetworkShare.objects.exists()
    anonymise(question=second)
    assert not Tie.objects.exists()


# --- young carers


def told(**more):
    fields = {"school": "De Linde", "what": "Zorgt thuis voor moeder.", "age": 14,
              "young_agrees": True, "parent_agrees": True}  # fmt: skip
    return ForSchool(**(fields | more))


def test_a_school_may_hear_it_when_the_young_person_and_a_parent_agree(town):
    question = a_question(town)
    signal = allow_school(question=question, told=told(), by=town.a.by, now=NOW)
    assert signal.parent_agreed_on and YoungCarerSignal.objects.visible_to(town.me).count() == 1
    older = told(age=16, parent_agrees=False)
    assert allow_school(question=question, told=older, by=town.a.by, now=NOW)
    withdraw_school(signal=signal, by=town.me, now=NOW)
    withdraw_school(signal=signal, by=town.a.by, now=NOW)
    assert YoungCarerSignal.objects.standing().count() == 1
    assert Fact.objects.filter(verb="withdraw-school").count() == 1


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"young_agrees": False}, ["young"]),
        ({"parent_agrees": False}, ["parent"]),
        ({"age": 17, "young_agrees": False}, ["young"]),
        ({"age": 99}, ["age"]),
    ],
)
def test_a_school_hears_nothing_without_them(town, more, why):
    with pytest.raises(NeedsConsent) as found:
        allow_school(question=a_question(town), told=told(**more), by=town.a.by, now=NOW)
    assert list(found.value.lacking) == why


def test_who_may_not_note_it(town):
    question = a_question(town)
    for by in (town.me, town.a.boss, town.b.by, town.c.by):
        with pytest.raises(NotAllowed):
            allow_school(question=question, told=told(), by=by, now=NOW)
    with pytest.raises(NeedsWords):
        allow_school(question=question, told=told(what=" "), by=town.a.by, now=NOW)
    signal = allow_school(question=question, told=told(), by=town.a.by, now=NOW)
    with pytest.raises(NotAllowed):
        withdraw_school(signal=signal, by=town.b.by, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        YoungCarerSignal.objects.filter(pk=signal.pk).update(parent_agreed_on=None)
