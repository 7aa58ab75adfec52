"""The demonstration's help questions, in all states, each made by the actions that people use."""

import tomllib
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from importlib import resources
from typing import Any

from django.utils import timezone

from omzien.areas.models import Municipality
from omzien.handovers.actions import answering, clock, ending, offering
from omzien.handovers.models import Handover
from omzien.handovers.rules.states import ContactKind, DeclineReason
from omzien.journal.isolation import working_for
from omzien.kernel.ladder import Rung
from omzien.people.actions.grounds import Terms, give_consent
from omzien.people.models import Membership, Person, SamePerson, Team
from omzien.people.queries.same import in_order
from omzien.people.rules.grounds import Category, How
from omzien.people.rules.roles import DEMO, Actor, Role
from omzien.questions.actions import tasks, working
from omzien.questions.actions.asking import Asked, Contact, ask
from omzien.questions.actions.same import say_same
from omzien.questions.models import Question
from omzien.questions.rules.states import Channel, ReachBy, Result

WORKERS = (Role.CONNECTOR, Role.TEAM_MEMBER, Role.PARTNER_WORKER)
Step = dict[str, Any]


def ask_everything(*, on: date) -> int:
    """Ask the questions of `questions.toml` where there are none yet; return how many."""
    text = resources.files("omzien.demo.data").joinpath("questions.toml").read_text("utf-8")
    count = 0
    for code, lines in tomllib.loads(text).items():
        municipality = Municipality.objects.filter(code=code).first()
        if municipality is None:
            continue
        for line in lines:
            with working_for(code):
                if line is lines[0] and Question.objects.exists():
                    break
                _live_through(municipality, line, on)
                count += 1
    return count


def _live_through(municipality: Municipality, line: dict[str, Any], on: date) -> None:
    question = _ask(municipality, line, on)
    for step in line.get("way", ()):
        question.refresh_from_db()
        WAYS[step["do"]](question, step, _moment(on, step["ago"]), on)


def _ask(municipality: Municipality, line: dict[str, Any], on: date) -> Question:
    known = Person.objects.filter(municipality=municipality, name=line["name"]).first()
    phone = f"06-5550 {2000 + sum(map(ord, line['name'])) % 1000}"
    email = line.get("email", "")
    asked = Asked(
        story=line["story"],
        village=municipality.villages.get(slug=line["village"]),
        contact=Contact(
            name=line["name"], email=email, phone=known.phone or phone if known else phone
        ),
        reach_by=ReachBy.MAIL if email or (known and known.email) else ReachBy.PHONE,
        channel=Channel(line.get("channel", "web")),
        topics=line["topics"],
        asker=Contact(name=line["asker"], phone=phone) if "asker" in line else None,
        is_acute=line.get("acute", False),
    )
    return ask(
        municipality=municipality,
        asked=asked,
        person=known,
        by=DEMO,
        now=_moment(on, line["ago"]),
    )


def _moment(on: date, ago: int) -> datetime:
    """Return ten in the morning some days ago; of today itself, this moment."""
    day = on - timedelta(days=ago)
    return timezone.now() if ago == 0 else timezone.make_aware(datetime.combine(day, time(10)))


def _worker(team: Team) -> Actor:
    """Return who works in a team, as an actor."""
    live = Membership.objects.live(on=timezone.localdate()).filter(team=team, role__in=WORKERS)
    one = live.order_by("starts_on", "role", "person__name").first()
    if one is None:
        raise LookupError(f"nobody works in {team.name}")
    return Actor(
        team.municipality_id,
        Role(one.role),
        person=one.person_id,
        membership=one.pk,
        organisation=one.organisation_id,
        team=team.pk,
    )


def _resident(question: Question) -> Actor:
    return Actor(question.municipality_id, Role.RESIDENT, person=question.person_id)


def _pick_up(question: Question, step: Step, now: datetime, on: date) -> None:
    working.pick_up(question=question, by=_worker(question.team), now=now)


def _go_on(question: Question, step: Step, now: datetime, on: date) -> None:
    working.go_on(
        question=question,
        rung=Rung(step["rung"]),
        next_action=step["what"],
        next_on=on + timedelta(days=step["in"]),
        skipped=step["skipped"] or "Dit kan ze niet alleen.",
        by=_worker(question.team),
        now=now,
    )


def _task(question: Question, step: Step, now: datetime, on: date) -> None:
    tasks.add_task(
        question=question,
        what=step["what"],
        due_on=on + timedelta(days=step["in"]),
        by=_worker(question.team),
        now=now,
    )


def _offer(question: Question, step: Step, now: datetime, on: date) -> None:
    team = Team.objects.get(municipality=question.municipality_id, name=step["to"])
    assert question.person is not None
    terms = Terms(
        purpose="handover",
        categories=[Category.CONTACT, Category.STORY],
        starts_on=now.date(),
        teams=[team],
        how=How.SPOKEN,
        said_at=now,
    )
    by = _worker(question.team)
    give_consent(person=question.person, terms=terms, by=by)
    offering.offer(
        question=question,
        to_team=team,
        offer=offering.Offer(
            asked=step["asked"],
            tried=step["tried"],
            best_moment="’s ochtends",
            resident_knows=True,
            is_urgent=step.get("urgent", False),
        ),
        by=by,
        now=now,
    )


def _open(question: Question) -> Handover:
    return Handover.objects.open().get(question=question)


def _accept(question: Question, step: Step, now: datetime, on: date) -> None:
    slip = _open(question)
    answering.accept(handover=slip, contact_name=step["contact"], by=_worker(slip.to_team), now=now)


def _decline(question: Question, step: Step, now: datetime, on: date) -> None:
    slip = _open(question)
    answering.decline(
        handover=slip,
        reason=DeclineReason(step["reason"]),
        text=step["text"],
        suggestion=step["suggestion"],
        by=_worker(slip.to_team),
        now=now,
    )


def _meet(question: Question, step: Step, now: datetime, on: date) -> None:
    slip = _open(question)
    answering.meet(
        handover=slip,
        met_on=now.date(),
        met_by=ContactKind(step["kind"]),
        resident_was_there=step["there"],
        by=_worker(slip.to_team),
        now=now,
    )


def _expire(question: Question, step: Step, now: datetime, on: date) -> None:
    clock.expire(handover=_open(question), now=now)


def _report_back(question: Question, step: Step, now: datetime, on: date) -> None:
    slip = Handover.objects.filter(question=question, to_team=question.team).latest("offered_at")
    answering.report_back(
        handover=slip, result=Result(step["result"]), by=_worker(question.team), now=now
    )


def _close(question: Question, step: Step, now: datetime, on: date) -> None:
    working.close(
        question=question,
        result=Result(step["result"]),
        rung_reached=Rung(step["rung"]),
        is_told=True,
        by=_worker(question.team),
        now=now,
    )


def _stop(name: str) -> Callable[[Question, Step, datetime, date], None]:
    def stop(question: Question, step: Step, now: datetime, on: date) -> None:
        ending.stop_question(question=question, name=name, by=_resident(question), now=now)

    return stop


def _reopen(question: Question, step: Step, now: datetime, on: date) -> None:
    working.reopen(question=question, by=_resident(question), now=now)


def _same_as(question: Question, step: Step, now: datetime, on: date) -> None:
    """Let the worker say that this is the same person as one who asked under another name."""
    asked = Question.objects.filter(team=question.team, person__name=step["name"]).latest(
        "asked_at"
    )
    assert question.person is not None and asked.person is not None
    person, other = in_order(asked.person, question.person)
    how, by = SamePerson.How(step["how"]), _worker(question.team)
    say_same(person=person, other=other, how=how, by=by, now=now)


WAYS: dict[str, Callable[[Question, Step, datetime, date], None]] = {
    "pick-up": _pick_up,
    "go-on": _go_on,
    "task": _task,
    "offer": _offer,
    "accept": _accept,
    "decline": _decline,
    "meet": _meet,
    "expire": _expire,
    "report-back": _report_back,
    "close": _close,
    "withdraw": _stop("withdraw"),
    "own-way": _stop("own-way"),
    "reopen": _reopen,
    "same-as": _same_as,
}
