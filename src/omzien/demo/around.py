"""What stands around a question of the demonstration: others who help, plan, talk and network."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import uuid4

from omzien.demo.actors import (
    Step,
    as_member,
    person_called,
    resident_of,
    team_called,
    worker_of,
)
from omzien.handovers.actions import advising, along, answering, consenting, meetings, referring
from omzien.handovers.models import Consult, Handover, Involvement, Meeting, Referral
from omzien.kernel.ladder import Rung
from omzien.messages.mandates import ask_proxy
from omzien.people.actions.grounds import Terms, give_consent
from omzien.people.actions.mandates import Proxy, accept_proxy
from omzien.people.models import Team
from omzien.people.rules.grounds import WORK_ALONG, Category, How
from omzien.people.rules.roles import Actor, Role
from omzien.questions.actions import (
    aftercare,
    crisis,
    discussing,
    emergency,
    measuring,
    network,
    notes,
    objecting,
    plans,
    talking,
    tries,
)
from omzien.questions.models import (
    AftercareAnswer,
    Attempt,
    Discussion,
    Goal,
    Objection,
    Question,
)
from omzien.questions.rules.network import Often, Relation
from omzien.questions.rules.plans import Moment, Split, Who
from omzien.questions.rules.states import Result, Solved
from omzien.questions.rules.support import Support


def _flag_crisis(question: Question, step: Step, now: datetime, on: date) -> None:
    crisis.flag_crisis(question=question, by=worker_of(question.team), now=now)


def _take_up_crisis(question: Question, step: Step, now: datetime, on: date) -> None:
    crisis.acknowledge_crisis(question=question, by=worker_of(question.team), now=now)


def _end_crisis(question: Question, step: Step, now: datetime, on: date) -> None:
    crisis.end_crisis(question=question, reason=step["why"], by=worker_of(question.team), now=now)


def _code_step(question: Question, step: Step, now: datetime, on: date) -> None:
    crisis.take_code_step(
        question=question, step=step["step"], by=worker_of(question.team), now=now
    )


def _read_in_emergency(question: Question, step: Step, now: datetime, on: date) -> None:
    """Let a worker of another team read, and the coordinator look that over."""
    reading = emergency.break_glass(
        reference=question.reference,
        reason=step["why"],
        by=worker_of(_team(question, step)),
        now=now,
    )
    emergency.review_emergency(
        reading=reading,
        was_right=True,
        words=step["review"],
        by=worker_of(question.team, Role.COORDINATOR),
        now=now,
    )


def _refer(question: Question, step: Step, now: datetime, on: date) -> None:
    referring.refer(
        question=question, name=step["to"], what=step["what"], by=worker_of(question.team), now=now
    )


def _referred(question: Question, step: Step, now: datetime, on: date) -> None:
    referring.move_referral(
        referral=Referral.objects.get(question=question),
        name="finish",
        result=Result(step["result"]),
        by=worker_of(question.team),
        now=now,
    )


def _ask_advice(question: Question, step: Step, now: datetime, on: date) -> None:
    advising.ask_advice(
        question=question,
        to_team=_team(question, step),
        text=step["what"],
        by=worker_of(question.team),
        now=now,
    )


def _advise(question: Question, step: Step, now: datetime, on: date) -> None:
    asked = Consult.objects.get(question=question)
    advising.move_consult(
        consult=asked, name="answer", answer=step["what"], by=worker_of(asked.to_team), now=now
    )


def _involve(question: Question, step: Step, now: datetime, on: date) -> None:
    assert question.person is not None
    team, by = _team(question, step), worker_of(question.team)
    terms = Terms(
        purpose=WORK_ALONG,
        categories=[Category.CONTACT, Category.STORY],
        starts_on=now.date(),
        teams=[team],
        explanation=step["part"],
        how=How.SPOKEN,
        said_at=now,
    )
    give_consent(person=question.person, terms=terms, by=by)
    along.involve(question=question, team=team, part=step["part"], by=by, now=now)


def _join(question: Question, step: Step, now: datetime, on: date) -> None:
    part = Involvement.objects.open().get(question=question)
    along.move_involvement(involvement=part, name="join", by=worker_of(part.team), now=now)


def _discuss(question: Question, step: Step, now: datetime, on: date) -> None:
    plan = discussing.Plan(
        purpose=step["what"],
        at=now + timedelta(days=step["in"]),
        place=step["place"],
        teams=[_team(question, step).pk],
    )
    discussing.plan_discussion(question=question, plan=plan, by=worker_of(question.team), now=now)


def _decide(question: Question, step: Step, now: datetime, on: date) -> None:
    discussing.decide(
        discussion=Discussion.objects.get(question=question),
        what=step["what"],
        due_on=on + timedelta(days=step["in"]),
        by=worker_of(question.team),
        now=now,
    )


def _plan_talk(question: Question, step: Step, now: datetime, on: date) -> None:
    slip = Handover.objects.open().get(question=question)
    meetings.plan_meeting(
        handover=slip,
        starts_at=now + timedelta(days=step["in"]),
        place=step["place"],
        by=worker_of(slip.to_team),
        now=now,
    )


def _hold_talk(question: Question, step: Step, now: datetime, on: date) -> None:
    talk = Meeting.objects.planned().get(handover__question=question)
    by = worker_of(talk.handover.to_team)
    meetings.hold_meeting(meeting=talk, resident_was_there=True, by=by, now=now)


def _dispute(question: Question, step: Step, now: datetime, on: date) -> None:
    slip = Handover.objects.filter(question=question).latest("offered_at")
    answering.dispute(handover=slip, text=step["what"], by=resident_of(question), now=now)


def _ask_online(question: Question, step: Step, now: datetime, on: date) -> None:
    consenting.ask_resident(
        question=question,
        to_team=_team(question, step),
        categories=(Category.STORY,),
        words={"asked": step["asked"], "tried": step["tried"], "best_moment": "’s ochtends"},
        by=worker_of(question.team),
        now=now,
    )


def _say(question: Question, step: Step, now: datetime, on: date) -> None:
    files = [talking.File(name, text.encode()) for name, text in step.get("files", {}).items()]
    said = talking.Said(text=step["what"], files=files, waits=step.get("waits", False))
    talking.say(question=question, said=said, by=_who(question, step), now=now)


def _see(question: Question, step: Step, now: datetime, on: date) -> None:
    talking.see(question=question, by=_who(question, step), now=now)


def _note(question: Question, step: Step, now: datetime, on: date) -> None:
    write = notes.write_own_note if step["who"] == "resident" else notes.write_note
    write(question=question, text=step["what"], key=uuid4(), by=_who(question, step), now=now)


def _goal(question: Question, step: Step, now: datetime, on: date) -> None:
    by = resident_of(question)
    goal = plans.add_goal(question=question, words=step["what"], by=by, now=now)
    split = Split(*step["split"])
    plans.split_goal(goal=goal, moment=Moment.BEFORE, split=split, by=by, now=now)


def _action(question: Question, step: Step, now: datetime, on: date) -> None:
    doing = plans.Doing(
        who=Who(step["who"]),
        what=step["what"],
        rung=Rung(step["rung"]),
        due_on=on + timedelta(days=step["in"]),
        name=step.get("name", ""),
    )
    goal = Goal.objects.filter(question=question).latest("created_at")
    plans.add_action(goal=goal, doing=doing, by=worker_of(question.team), now=now, together=True)


def _try(question: Question, step: Step, now: datetime, on: date) -> None:
    by = _who(question, step)
    attempt = tries.add_try(
        question=question, rung=Rung(step["rung"]), offer=step["what"], by=by, now=now
    )
    tries.finish_try(
        attempt=attempt, result=Attempt.Result(step["result"]), reason=step["why"], by=by, now=now
    )


def _draw(question: Question, step: Step, now: datetime, on: date) -> None:
    """Let the resident draw some of their people: first name, who that is, and for what."""
    assert question.person is not None
    for closeness, (name, relation, kinds) in enumerate(step["people"], 1):
        known = network.Known(
            name=name,
            relation=Relation(relation),
            kinds=[Support(one) for one in kinds],
            closeness=closeness,
            how_often=Often.WEEKLY,
        )
        network.draw_tie(person=question.person, known=known, by=resident_of(question), now=now)


def _share_network(question: Question, step: Step, now: datetime, on: date) -> None:
    network.share_network(question=question, by=resident_of(question), now=now)


def _allow_school(question: Question, step: Step, now: datetime, on: date) -> None:
    told = network.ForSchool(
        school=step["school"],
        what=step["what"],
        age=step["age"],
        young_agrees=True,
        parent_agrees=True,
    )
    network.allow_school(question=question, told=told, by=worker_of(question.team), now=now)


def _measure(question: Question, step: Step, now: datetime, on: date) -> None:
    measuring.measure(
        question=question,
        instrument="kort",
        moment=Moment(step["moment"]),
        answers=step["answers"],
        by=resident_of(question),
        now=now,
    )


def _mandate(question: Question, step: Step, now: datetime, on: date) -> None:
    """Let the resident ask somebody of `people.toml` to speak for them, who says yes."""
    assert question.person is not None
    code, whom = question.municipality_id, person_called(step["name"], question.municipality_id)
    proxy = Proxy(name=whom.name, email=whom.email, what=["look", "talk"])
    asked = ask_proxy(resident=question.person, proxy=proxy, by=resident_of(question), now=now)
    accept_proxy(invitation=asked, by=Actor(code, Role.RESIDENT, person=whom.pk), now=now)


def _object(question: Question, step: Step, now: datetime, on: date) -> None:
    objecting.object_to(
        question=question, why=step["what"], key=uuid4(), by=resident_of(question), now=now
    )


def _answer_objection(question: Question, step: Step, now: datetime, on: date) -> None:
    objection = Objection.objects.get(question=question)
    assert objection.handler is not None
    objecting.answer_objection(
        objection=objection, answer=step["what"], by=as_member(objection.handler), now=now
    )


def _aftercare(question: Question, step: Step, now: datetime, on: date) -> None:
    """Ask whether it is solved, as the worker does six weeks after closing, and call."""
    aftercare.run_aftercare(question.municipality, now)
    aftercare.answer_aftercare(
        answer=AftercareAnswer.objects.get(question=question),
        solved=Solved(step["solved"]),
        by=worker_of(question.team),
        now=now,
    )


def _team(question: Question, step: Step) -> Team:
    return team_called(step["team"], question.municipality_id)


def _who(question: Question, step: Step) -> Actor:
    return resident_of(question) if step["who"] == "resident" else worker_of(question.team)


AROUND: dict[str, Callable[[Question, Step, datetime, date], None]] = {
    "flag-crisis": _flag_crisis,
    "take-up-crisis": _take_up_crisis,
    "end-crisis": _end_crisis,
    "code-step": _code_step,
    "read-in-emergency": _read_in_emergency,
    "refer": _refer,
    "referred": _referred,
    "ask-advice": _ask_advice,
    "advise": _advise,
    "involve": _involve,
    "join": _join,
    "discuss": _discuss,
    "decide": _decide,
    "plan-talk": _plan_talk,
    "hold-talk": _hold_talk,
    "dispute": _dispute,
    "ask-online": _ask_online,
    "say": _say,
    "see": _see,
    "note": _note,
    "goal": _goal,
    "action": _action,
    "try": _try,
    "draw": _draw,
    "share-network": _share_network,
    "allow-school": _allow_school,
    "measure": _measure,
    "mandate": _mandate,
    "object": _object,
    "answer-objection": _answer_objection,
    "aftercare": _aftercare,
}
