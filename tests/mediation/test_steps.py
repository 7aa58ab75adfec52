"""A case from the report to the end, and each thing that cannot be."""

from dataclasses import replace
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from omzien.journal.models import Fact
from omzien.mediation import refusals
from omzien.mediation.actions.agreeing import say_yes, say_yes_for, write_agreement
from omzien.mediation.actions.deciding import (
    clear_danger,
    ease,
    finish,
    join,
    postpone,
    refer_on,
    refuse,
    stop,
    stop_for,
    suit,
)
from omzien.mediation.actions.mediators import (
    accept,
    ask_mediators,
    keep_mediator,
    let_go,
    say_no,
)
from omzien.mediation.actions.reporting import Neighbour, report
from omzien.mediation.actions.talks import call_off_talk, hold_talk, plan_talk
from omzien.mediation.models import Agreement, Case, Party, Seat, Talk
from omzien.mediation.queries.choosing import candidates
from omzien.mediation.queries.files import referred
from omzien.mediation.rules.conflicts import Conflict
from omzien.mediation.rules.states import (
    BackReason,
    Elsewhere,
    Outcome,
    SeatState,
    Side,
    State,
    TalkKind,
)
from omzien.messages.models import Message
from omzien.people.rules.roles import PUBLIC, Actor
from tests.casework import NOW
from tests.mediation.world import (
    FIRST,
    OTHERS_MAIL,
    SECOND,
    WORDS,
    a_case,
    a_report,
    agreed,
    day,
    later,
    party,
    seated,
    suited,
    up_to,
)

pytestmark = pytest.mark.django_db


def test_from_report_to_outcome(here):
    case = up_to(here, State.AFTERCARE)
    assert not Seat.objects.open().filter(case=case).exists()
    finish(case=case, outcome=Outcome.AGREED, by=here.boss, now=later(NOW, weeks=3))
    case.refresh_from_db()
    assert (case.state, case.outcome) == (State.CLOSED, Outcome.AGREED)
    told = set(Message.objects.filter(code="neighbour-ended").values_list("recipient", flat=True))
    assert told == {FIRST.email, OTHERS_MAIL}


def test_the_intake_is_due_in_five_working_days_without_holidays(here):
    case = a_case(here)
    from omzien.kernel.workdays import add_working_days

    assert case.due_on == add_working_days(day(NOW), 5)


def test_the_same_form_twice_is_one_case(here):
    sent = a_report(here.town)
    both = [
        report(municipality=here.town.municipality, report=sent, by=PUBLIC, now=NOW)
        for _ in range(2)
    ]
    assert both[0].pk == both[1].pk
    assert Case.objects.count() == 1


@pytest.mark.parametrize(
    "change,refusal",
    [
        ({"first": replace(FIRST, name=" ")}, refusals.NeedsName),
        ({"first": replace(FIRST, phone="", email="")}, refusals.NeedsReach),
        ({"first": replace(FIRST, street="")}, refusals.NeedsAddress),
        ({"second": replace(SECOND, street="")}, refusals.NeedsOther),
        ({"words": " "}, refusals.NeedsStory),
        ({"second": replace(FIRST, phone="", email="")}, refusals.SameParty),
    ],
)
def test_what_a_report_needs(here, change, refusal):
    with pytest.raises(refusal):
        a_case(here, **change)


def test_without_a_team_there_is_no_mediation(here):
    from omzien.areas.queries import forget

    here.town.municipality.settings["mediation_team"] = ""
    here.town.municipality.save()
    forget()
    with pytest.raises(refusals.NoTeam):
        a_case(here)


def test_of_the_other_neighbour_no_more_than_name_and_address_until_a_yes(here):
    nosy = Neighbour(
        name="Otto Okker", street="Lindelaan 6", phone="06-1", email="otto@voorbeeld.example"
    )
    other = party(a_case(here, second=nosy), Side.SECOND)
    assert (other.phone, other.email, other.person) == ("", "", None)
    other.email = "otto@voorbeeld.example"
    with pytest.raises(IntegrityError), transaction.atomic():
        other.save()


def test_what_was_written_is_gone_after_the_intake(here):
    case = a_case(here)
    assert party(case, Side.FIRST).words == WORDS
    suited(here, case)
    assert party(case, Side.FIRST).words == ""


def test_no_field_holds_what_was_said_in_a_talk():
    texts = {
        f"{model.__name__}.{one.name}"
        for model in (Case, Party, Seat, Talk, Agreement)
        for one in model._meta.fields
        if one.get_internal_type() == "TextField"
    }
    assert texts == {"Party.words", "Agreement.words"}


def test_words_of_danger_keep_it_from_mediation(here):
    case = a_case(here, words="Hij slaat mij en hij bedreigt me met een mes.")
    with pytest.raises(refusals.InDanger):
        suited(here, case)
    clear_danger(case=case, by=here.boss, now=NOW)
    suited(here, case)


def test_not_suitable_is_referred_on_with_a_reason_and_where_to(here):
    case = a_case(here)
    with pytest.raises(refusals.NeedsReason):
        refer_on(case=case, why=Elsewhere.LANDLORD, where=" ", by=here.boss, now=NOW)
    refer_on(case=case, why=Elsewhere.LANDLORD, where="De woningbouw", by=here.boss, now=NOW)
    case.refresh_from_db()
    assert case.outcome == Outcome.ELSEWHERE
    assert party(case, Side.FIRST).advice == "De woningbouw"
    assert party(case, Side.SECOND).left_at is not None  # never said yes: goes soon


# Mediators


def test_who_has_to_do_with_a_party_cannot_mediate(here):
    case = up_to(here, State.CHOOSING)
    for name, conflict in (("Bas Buur", Conflict.STREET), ("Pim Post", Conflict.POSTCODE)):
        with pytest.raises(refusals.ConflictOfInterest) as refused:
            ask_mediators(case=case, memberships=[here.volunteers[name].pk], by=here.boss, now=NOW)
        assert conflict in refused.value.found


def test_a_volunteer_without_an_address_cannot_be_asked(here):
    case = up_to(here, State.CHOOSING)
    here.volunteers["Eva Eik"].mediator.delete()
    found = {one.name: one.conflicts for one in candidates(case, on=day(NOW))}
    assert found["Eva Eik"] == (Conflict.NO_ADDRESS,)


def test_a_volunteer_who_is_a_party_cannot_mediate_nor_see_it(here):
    case = up_to(here, State.CHOOSING)
    eva = here.volunteers["Eva Eik"]
    Party.objects.filter(case=case, side=Side.FIRST).update(person=eva.person)
    with pytest.raises(refusals.ConflictOfInterest):
        ask_mediators(case=case, memberships=[eva.pk], by=here.boss, now=NOW)


def test_the_coordinator_never_opens_a_case_of_their_own(here):
    case = a_case(here)
    Party.objects.filter(case=case, side=Side.FIRST).update(person=here.coordinator.person)
    assert not Case.objects.visible_to(here.boss).filter(pk=case.pk).exists()
    with pytest.raises(refusals.NotAllowed):
        suited(here, case)


def test_one_experienced_and_one_learner_are_suggested(here):
    case = up_to(here, State.CHOOSING)
    found = [one for one in candidates(case, on=day(NOW)) if one.is_suggested]
    assert sorted(one.is_experienced for one in found) == [False, True]
    assert not any(one.conflicts for one in found)


def test_both_must_say_yes(here):
    case = up_to(here, State.CHOOSING)
    names = ("Eva Eik", "Lea Laan")
    seats = ask_mediators(
        case=case, memberships=[here.volunteers[one].pk for one in names], by=here.boss, now=NOW
    )
    with pytest.raises(refusals.NeedsNobodyKnown):
        accept(seat=seats[0], knows_nobody=False, by=here.by(names[0]), now=NOW)
    accept(seat=seats[0], knows_nobody=True, by=here.by(names[0]), now=NOW)
    case.refresh_from_db()
    assert case.state == State.CHOOSING
    with pytest.raises(refusals.NeedsMediators):
        case.state = State.FIRST_TALK
        Case.objects.filter(pk=case.pk).update(state=State.FIRST_TALK)
        plan_talk(case=case, starts_at=later(NOW, days=1), place="thuis", by=here.boss, now=NOW)


def test_nobody_answers_for_another_mediator(here):
    case = up_to(here, State.CHOOSING)
    seat = ask_mediators(
        case=case, memberships=[here.volunteers["Eva Eik"].pk], by=here.boss, now=NOW
    )[0]
    with pytest.raises(refusals.NotAllowed):
        accept(seat=seat, knows_nobody=True, by=here.by("Lea Laan"), now=NOW)


def test_a_third_mediator_cannot_be_asked(here):
    case = up_to(here, State.FIRST_TALK)
    with pytest.raises(refusals.SeatsTaken):
        ask_mediators(
            case=case, memberships=[here.volunteers["Els Elzen"].pk], by=here.boss, now=NOW
        )


def test_the_database_keeps_two_different_mediators(here):
    case = up_to(here, State.FIRST_TALK)
    seat = Seat.objects.filter(case=case).first()
    seat.pk, seat.number, seat._state.adding = uuid4(), 2, True
    with pytest.raises(IntegrityError), transaction.atomic():
        seat.save(force_insert=True)


def test_who_turns_out_to_know_a_party_steps_back_and_sees_nothing_more(here):
    case = up_to(here, State.INVITING)
    seat = Seat.objects.get(case=case, membership=here.volunteers["Eva Eik"])
    eva = here.by("Eva Eik")
    assert Party.objects.visible_to(eva).filter(case=case).count() == 2
    say_no(seat=seat, reason=BackReason.KNOWS, by=eva, now=NOW)
    for model in (Case, Party, Seat, Talk, Agreement):
        assert not model.objects.visible_to(eva).exists(), model
    with pytest.raises(refusals.NeedsMediators):
        join(case=case, was_told=True, by=here.boss, now=NOW)
    with pytest.raises(refusals.ConflictOfInterest):  # never asked again here
        ask_mediators(case=case, memberships=[seat.membership_id], by=here.boss, now=NOW)
    seated(here, case, "Els Elzen")
    join(case=case, was_told=True, by=here.boss, now=NOW)


def test_who_had_no_time_may_be_asked_again(here):
    case = up_to(here, State.CHOOSING)
    lea = here.volunteers["Lea Laan"].pk
    seat = ask_mediators(case=case, memberships=[lea], by=here.boss, now=NOW)[0]
    say_no(seat=seat, reason=BackReason.TIME, by=here.by("Lea Laan"), now=NOW)
    ask_mediators(case=case, memberships=[lea], by=here.boss, now=NOW)


def test_the_coordinator_lets_a_mediator_go(here):
    case = up_to(here, State.FIRST_TALK)
    seat = Seat.objects.get(case=case, membership=here.volunteers["Eva Eik"])
    let_go(seat=seat, by=here.boss, now=NOW)
    assert not Case.objects.visible_to(here.by("Eva Eik")).exists()


def test_only_the_own_coordinator_keeps_where_a_mediator_lives(here):
    with pytest.raises(refusals.NotAllowed):
        keep_mediator(
            membership=here.volunteers["Eva Eik"], street="Ander", postcode="1234 AB",
            is_experienced=True, by=here.town.a.boss,
        )  # fmt: skip


# The other neighbour


def test_the_other_hears_first_where_the_name_came_from(here):
    case = up_to(here, State.INVITING)
    with pytest.raises(refusals.NeedsTelling):
        join(case=case, was_told=False, by=here.boss, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Party.objects.filter(case=case, side=Side.SECOND).update(agreed_at=NOW, phone="06-1")


def test_only_the_coordinator_asks_the_other(here):
    case = up_to(here, State.INVITING)
    for by in (here.by("Eva Eik"), here.town.me, here.town.a.by, here.town.a.boss):
        with pytest.raises(refusals.NotAllowed):
            join(case=case, was_told=True, by=by, now=NOW)
        with pytest.raises(refusals.NotAllowed):
            refuse(case=case, by=by, now=NOW)


def test_the_other_neighbour_is_somebody_else(here):
    case = up_to(here, State.INVITING)
    same = {"name": "Rina Roos", "email": FIRST.email}
    with pytest.raises(refusals.SameParty):
        join(case=case, was_told=True, by=here.boss, now=NOW, **same)


def test_who_takes_the_place_of_a_mediator_gets_the_whole_term(here):
    case = up_to(here, State.JOINT)
    term = case.due_on - day(NOW)
    seat = Seat.objects.get(case=case, membership=here.volunteers["Eva Eik"])
    later_on = later(NOW, days=3)
    say_no(seat=seat, reason=BackReason.TIME, by=here.by("Eva Eik"), now=later_on)
    seated(here, case, "Els Elzen", now=later_on)
    case.refresh_from_db()
    assert case.due_on >= day(NOW) + term
    told = Message.objects.filter(code="mediator-next", recipient__startswith="els")
    assert told.exists()


@pytest.mark.parametrize("state", [State.INVITING, State.SECOND_TALK, State.JOINT, State.AGREEING])
def test_a_no_of_the_other_leads_to_help_for_one(here, state):
    case = up_to(here, state)
    refuse(case=case, by=here.boss, now=NOW)
    case.refresh_from_db()
    assert case.state == State.COACHING
    finish(case=case, outcome=Outcome.ONE_SIDE, by=here.boss, now=NOW)
    case.refresh_from_db()
    assert case.outcome == Outcome.ONE_SIDE


def test_the_file_of_who_said_no_goes_after_two_weeks(here):
    from omzien.people.privacy.registry import terms

    case = up_to(here, State.JOINT)
    other = party(case, Side.SECOND)
    plan_talk(case=case, starts_at=later(NOW, days=2), place="Het buurthuis", by=here.boss, now=NOW)
    stop(party=other, by=here.as_party(other), now=NOW)
    term = terms()["mediation-refused"]
    assert not list(term.due(day(later(NOW, days=14))))
    due = [one.key for one in term.due(day(later(NOW, days=15)))]
    assert due == [str(other.pk)]
    assert term.destroy(due[0]) == 1
    assert not Party.objects.filter(pk=other.pk).exists()
    assert "Het buurthuis" not in set(Talk.objects.values_list("place", flat=True))
    case.refresh_from_db()
    assert case.state == State.COACHING  # the first is helped all the same


# Talks


def test_the_joint_talk_is_at_a_neutral_place(here):
    case = up_to(here, State.JOINT)
    for place in ("Lindelaan 4", "bij Rina thuis, LINDELAAN 6"):
        with pytest.raises(refusals.NotNeutral):
            plan_talk(case=case, starts_at=later(NOW, days=2), place=place, by=here.boss, now=NOW)
    plan_talk(case=case, starts_at=later(NOW, days=2), place="Het buurthuis", by=here.boss, now=NOW)


def test_a_talk_that_is_planned_moves_the_clock_along(here):
    case = up_to(here, State.JOINT)
    when = later(NOW, weeks=5)
    plan_talk(case=case, starts_at=when, place="Het buurthuis", by=here.boss, now=NOW)
    case.refresh_from_db()
    assert case.due_on == day(when)


def test_a_talk_to_come_was_not_held(here):
    case = up_to(here, State.FIRST_TALK)
    mediator = here.by("Lea Laan")
    plan_talk(case=case, starts_at=later(NOW, days=2), place="thuis", by=mediator, now=NOW)
    with pytest.raises(refusals.WrongMoment):
        hold_talk(case=case, name="talk-first", by=mediator, now=NOW)
    hold_talk(case=case, name="talk-first", by=mediator, now=later(NOW, days=3))


def test_a_talk_is_called_off(here):
    case = up_to(here, State.FIRST_TALK)
    plan_talk(case=case, starts_at=later(NOW, days=2), place="thuis", by=here.boss, now=NOW)
    call_off_talk(case=case, by=here.boss, now=NOW)
    assert not Talk.objects.planned().exists()
    with pytest.raises(refusals.WrongState):
        call_off_talk(case=case, by=here.boss, now=NOW)


def test_each_neighbour_knows_of_the_own_talks_only(here):
    case = up_to(here, State.SECOND_TALK)
    first, second = party(case, Side.FIRST), party(case, Side.SECOND)
    talk = plan_talk(
        case=case, starts_at=later(NOW, days=2), place="Lindelaan 6", by=here.boss, now=NOW
    )
    assert talk.kind == TalkKind.SECOND
    assert talk in Talk.objects.visible_to(here.as_party(second))
    assert talk not in Talk.objects.visible_to(here.as_party(first))
    told = Message.objects.filter(code="neighbour-talk").values_list("recipient", flat=True)
    assert set(told) == {OTHERS_MAIL}


# Agreements


def test_other_words_ask_both_anew(here):
    case = up_to(here, State.AGREEING)
    first, second = party(case, Side.FIRST), party(case, Side.SECOND)
    write_agreement(case=case, words="Na elf uur stil.", by=here.by("Eva Eik"), now=NOW)
    say_yes(party=first, by=here.as_party(first), now=NOW)
    write_agreement(case=case, words="Na tien uur stil.", by=here.by("Eva Eik"), now=NOW)
    say_yes(party=second, by=here.as_party(second), now=NOW)
    case.refresh_from_db()
    assert case.state == State.AGREEING
    say_yes(party=first, by=here.as_party(first), now=NOW)
    case.refresh_from_db()
    assert case.state == State.AFTERCARE


def test_nobody_says_yes_in_the_name_of_the_other(here):
    case = up_to(here, State.AGREEING)
    first, second = party(case, Side.FIRST), party(case, Side.SECOND)
    write_agreement(case=case, words="Na elf uur stil.", by=here.boss, now=NOW)
    with pytest.raises(refusals.NotAllowed):
        say_yes(party=second, by=here.as_party(first), now=NOW)


def test_words_without_two_yeses_are_gone_when_it_ends(here):
    case = up_to(here, State.AGREEING)
    write_agreement(case=case, words="Na elf uur stil.", by=here.boss, now=NOW)
    say_yes_for(case=case, side=Side.FIRST, by=here.boss, now=NOW)
    finish(case=case, outcome=Outcome.NOT_AGREED, by=here.boss, now=NOW)
    assert not Agreement.objects.filter(case=case).exists()


def test_aftercare_is_two_to_six_weeks_later(here):
    case = up_to(here, State.AFTERCARE)
    assert case.due_on == day(later(NOW, weeks=4))
    with pytest.raises(refusals.NotYet):
        finish(case=case, outcome=Outcome.AGREED, by=here.boss, now=later(NOW, days=13))
    with pytest.raises(refusals.NotYet):
        postpone(case=case, due_on=day(later(NOW, weeks=7)), by=here.boss, now=NOW)
    postpone(case=case, due_on=day(later(NOW, weeks=6)), by=here.boss, now=NOW)
    finish(case=case, outcome=Outcome.PARTLY, by=here.boss, now=later(NOW, days=14))


# Stopping


@pytest.mark.parametrize(
    "state", [one for one in State if one not in (State.CLOSED, State.COACHING)]
)
def test_who_reported_it_stops_at_any_time(here, state):
    case = up_to(here, state)
    first = party(case, Side.FIRST)
    stop(party=first, by=here.as_party(first), now=NOW)
    case.refresh_from_db()
    assert (case.state, case.outcome) == (State.CLOSED, Outcome.STOPPED)
    assert not Seat.objects.open().filter(case=case).exists()


def test_the_other_stops_in_aftercare_and_it_ends(here):
    case = up_to(here, State.AFTERCARE)
    stop_for(case=case, side=Side.SECOND, by=here.boss, now=NOW)
    case.refresh_from_db()
    assert case.outcome == Outcome.STOPPED


# Who refers


def test_who_referred_it_hears_the_class_and_nothing_more(here):
    case = a_case(here, by=here.town.a.by)
    assert case.from_team == here.town.a.team
    for by in (here.town.a.by, here.town.a.boss):
        for model in (Case, Party, Seat, Talk, Agreement):
            assert not model.objects.visible_to(by).exists(), model
    ease(case=case, by=here.boss, now=NOW)
    (row,) = referred(here.town.a.by)
    assert (row.reference, row.outcome) == (case.reference, Outcome.EASED)
    assert set(row.__dataclass_fields__) == {"reference", "received_at", "ended_at", "outcome"}
    assert referred(here.town.b.by) == []
    assert referred(here.town.me) == []


def test_one_case_runs_for_a_question(here):
    from tests.casework import a_question

    question = a_question(here.town)
    by = here.town.a.by
    common = {"municipality": here.town.municipality, "by": by, "now": NOW, "question": question}
    case = report(report=a_report(here.town), **common)
    with pytest.raises(refusals.AlreadyOpen):
        report(report=a_report(here.town), **common)
    ease(case=case, by=here.boss, now=NOW)
    report(report=a_report(here.town), **common)


def test_a_volunteer_refers_nobody(here):
    with pytest.raises(refusals.NotAllowed):
        a_case(here, by=here.by("Eva Eik"))


# Always


def test_who_was_second_to_change_it_hears_so(here):
    case = a_case(here)
    seen = case.version
    suit(case=case, met_on=day(NOW), by=here.boss, now=NOW, version=seen)
    with pytest.raises(refusals.Stale):
        ease(case=case, by=here.boss, now=NOW, version=seen)


def test_nobody_else_moves_a_case(here):
    case = a_case(here)
    stranger = Actor("GM1948")
    for by in (here.town.me, here.town.a.by, here.town.a.boss, here.by("Eva Eik"), stranger):
        for do in (
            lambda by: suit(case=case, met_on=day(NOW), by=by, now=NOW),
            lambda by: ease(case=case, by=by, now=NOW),
            lambda by: stop_for(case=case, side=Side.FIRST, by=by, now=NOW),
        ):
            with pytest.raises(refusals.NotAllowed):
                do(by)


def test_facts_and_mails_hold_no_word_of_anybody(here):
    case = up_to(here, State.AFTERCARE)
    finish(case=case, outcome=Outcome.AGREED, by=here.boss, now=later(NOW, weeks=3))
    secrets = ("Okker", "Roos", "Lindelaan", "muziek", "5481", "Buurtbemiddeling", "buren")
    for mail in Message.objects.filter(key__startswith="neighbour"):
        for secret in secrets:
            assert secret.casefold() not in (mail.subject + mail.body).casefold(), mail.code
    facts = " ".join(str(one) for one in Fact.objects.filter(subject="mediation").values())
    for secret in secrets[:5]:
        assert secret not in facts


def test_a_team_with_a_case_does_not_end(here):
    from django.utils import timezone

    a_case(here)
    with pytest.raises(IntegrityError), transaction.atomic():
        type(here.team).objects.filter(pk=here.team.pk).update(archived_at=timezone.now())


def test_a_seat_state_that_ended_stays_ended(here):
    case = up_to(here, State.AFTERCARE)
    assert set(case.seats.values_list("state", flat=True)) == {SeatState.ENDED}
    assert agreed  # the words stand
    assert Agreement.objects.get(case=case).words
