"""What happens with a question of the demonstration, each step by the action that people use."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from omzien.demo.actors import Step, resident_of, worker_of
from omzien.demo.around import AROUND
from omzien.handovers.actions import answering, clock, ending, offering
from omzien.handovers.models import Handover
from omzien.handovers.rules.states import ContactKind, DeclineReason
from omzien.kernel.ladder import Rung
from omzien.people.actions.grounds import Terms, give_consent
from omzien.people.models import SamePerson, Team
from omzien.people.queries.same import in_order
from omzien.people.rules.grounds import Category, How
from omzien.questions.actions import reaching, tasks, working
from omzien.questions.actions.same import say_same
from omzien.questions.models import Question
from omzien.questions.rules.reaching import By
from omzien.questions.rules.states import Result


def _pick_up(question: Question, step: Step, now: datetime, on: date) -> None:
    working.pick_up(question=question, by=worker_of(question.team), now=now)


def _go_on(question: Question, step: Step, now: datetime, on: date) -> None:
    working.go_on(
        question=question,
        rung=Rung(step["rung"]),
        next_action=step["what"],
        next_on=on + timedelta(days=step["in"]),
        skipped=step["skipped"] or "Dit kan ze niet alleen.",
        by=worker_of(question.team),
        now=now,
    )


def _task(question: Question, step: Step, now: datetime, on: date) -> None:
    tasks.add_task(
        question=question,
        what=step["what"],
        due_on=on + timedelta(days=step["in"]),
        by=worker_of(question.team),
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
    by = worker_of(question.team)
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
    answering.accept(
        handover=slip, contact_name=step["contact"], by=worker_of(slip.to_team), now=now
    )


def _decline(question: Question, step: Step, now: datetime, on: date) -> None:
    slip = _open(question)
    answering.decline(
        handover=slip,
        reason=DeclineReason(step["reason"]),
        text=step["text"],
        suggestion=step["suggestion"],
        by=worker_of(slip.to_team),
        now=now,
    )


def _meet(question: Question, step: Step, now: datetime, on: date) -> None:
    slip = _open(question)
    answering.meet(
        handover=slip,
        met_on=now.date(),
        met_by=ContactKind(step["kind"]),
        resident_was_there=step["there"],
        by=worker_of(slip.to_team),
        now=now,
    )


def _expire(question: Question, step: Step, now: datetime, on: date) -> None:
    clock.expire(handover=_open(question), now=now)


def _report_back(question: Question, step: Step, now: datetime, on: date) -> None:
    slip = Handover.objects.filter(question=question, to_team=question.team).latest("offered_at")
    answering.report_back(
        handover=slip, result=Result(step["result"]), by=worker_of(question.team), now=now
    )


def _close(question: Question, step: Step, now: datetime, on: date) -> None:
    working.close(
        question=question,
        result=Result(step["result"]),
        rung_reached=Rung(step["rung"]),
        is_told=True,
        by=worker_of(question.team),
        now=now,
    )


def _stop(name: str) -> Callable[[Question, Step, datetime, date], None]:
    def stop(question: Question, step: Step, now: datetime, on: date) -> None:
        ending.stop_question(question=question, name=name, by=resident_of(question), now=now)

    return stop


def _reopen(question: Question, step: Step, now: datetime, on: date) -> None:
    working.reopen(question=question, by=resident_of(question), now=now)


def _same_as(question: Question, step: Step, now: datetime, on: date) -> None:
    """Let the worker say that this is the same person as one who asked under another name."""
    asked = Question.objects.filter(team=question.team, person__name=step["name"]).latest(
        "asked_at"
    )
    assert question.person is not None and asked.person is not None
    person, other = in_order(asked.person, question.person)
    how, by = SamePerson.How(step["how"]), worker_of(question.team)
    say_same(person=person, other=other, how=how, by=by, now=now)


def _try_to_reach(question: Question, step: Step, now: datetime, on: date) -> None:
    reaching.try_to_reach(
        question=question,
        channel=By(step["by"]),
        day=now.date(),
        reached=step.get("reached", False),
        by=worker_of(question.team),
        now=now,
    )


def _give_up(question: Question, step: Step, now: datetime, on: date) -> None:
    reaching.give_up_reaching(
        question=question,
        letter_on=on - timedelta(days=step["letter"]),
        by=worker_of(question.team),
        now=now,
    )


def _take_back(question: Question, step: Step, now: datetime, on: date) -> None:
    offering.withdraw(
        handover=_open(question), reason=step["why"], by=worker_of(question.team), now=now
    )


def _give_back(question: Question, step: Step, now: datetime, on: date) -> None:
    slip = _open(question)
    answering.return_question(
        handover=slip, reason=step["why"], by=worker_of(slip.to_team), now=now
    )


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
    "try-to-reach": _try_to_reach,
    "give-up": _give_up,
    "take-back": _take_back,
    "give-back": _give_back,
    **AROUND,
}
