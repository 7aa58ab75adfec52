"""What a form names must hang below the question that its address names, and nowhere else.

Each case posts to a page of one question with a child of another question: of the same team, and
of another team. Nothing changes, in no table; with the question's own child the same post does.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from omzien.handovers.models import Handover, Involvement, Referral, Wait
from omzien.journal.isolation import working_for
from omzien.people.actions.grounds import Terms, give_consent
from omzien.people.actions.memberships import be_away
from omzien.people.models import Mandate, MandateInvitation, Person
from omzien.people.rules.grounds import Category
from omzien.people.rules.roles import SYSTEM, Actor, Role
from omzien.questions.actions.talking import File, Said, say
from omzien.questions.models import (
    Attachment,
    Attempt,
    Discussion,
    Goal,
    NetworkShare,
    PlanAction,
    Question,
    Task,
    Tie,
    YoungCarerSignal,
)
from omzien.questions.rules.references import new_reference
from tests.handovers.conftest import at_desk, inside, text, town  # noqa: F401
from tests.kept import kept
from tests.signing import person
from tests.wall.writes import counted, touched
from tests.worlds import TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@contextmanager
def changes() -> Iterator[set[str]]:
    """Undo what is done meanwhile; afterwards the set holds the tables that it changed."""
    found: set[str] = set()
    with transaction.atomic():
        since = counted()
        yield found
        after = {model: rows_of(model) for model in touched(since)}
        transaction.set_rollback(True)
    found |= {model._meta.label for model, rows in after.items() if rows != rows_of(model)}


def rows_of(model) -> list[tuple]:
    return list(model._default_manager.order_by("pk").values_list())


def family(town, desk, resident: Person) -> SimpleNamespace:  # noqa: F811
    """Return a question of a desk, with one of everything that can hang below it."""
    now, own = timezone.now(), {"municipality": town.municipality}
    soon, receiver = now + timedelta(days=2), town.c
    question = Question.objects.create(
        **own, reference=new_reference(lambda _found: False), person=resident, channel="web",
        reach_by="phone", story="Ik zoek gezelschap.", topics=["loneliness"], village=town.village,
        state="clarifying", team=desk.team, due_on=TODAY, asked_at=now,
    )  # fmt: skip
    me = Actor(town.municipality.code, Role.RESIDENT, person=resident.pk)
    below = own | {"question": question}
    terms = Terms(
        purpose="handover", categories=[Category.CONTACT, Category.STORY],
        teams=[receiver.team], starts_on=TODAY,
    )  # fmt: skip
    proxy = person(town.municipality, f"Nel {desk.team.name[-1]}{question.reference[-4:]}",
                   f"nel{question.reference}@voorbeeld.example")  # fmt: skip
    ground = give_consent(person=resident, terms=terms, by=me)
    goal = Goal.objects.create(**below, words="Weer buiten komen.", created_at=now)
    say(question=question, by=me, now=now,
        said=Said(text="Hier is de brief.", files=[File("brief.txt", b"Geachte")]))  # fmt: skip
    return SimpleNamespace(
        question=question,
        resident=resident,
        desk=desk,
        proxy=proxy,
        ground=ground,
        goal=goal,
        action=PlanAction.objects.create(
            **own, goal=goal, who="resident", what="Wandelen", rung="self", created_at=now
        ),
        attempt=Attempt.objects.create(**below, rung="self", offer="Wandelen", started_on=TODAY),
        school=YoungCarerSignal.objects.create(
            **below, school="De Vlier", what="Zorgt mee", age=17, young_agreed_on=TODAY
        ),
        tie=Tie.objects.create(
            **own,
            person=resident,
            name="Bea",
            relation="friend",
            kinds=["P"],
            closeness=1,
            how_often="weekly",
            created_at=now,
        ),
        share=NetworkShare.objects.create(**below, team=desk.team, started_at=now),
        discussion=Discussion.objects.create(
            **below, team=desk.team, purpose="Samen", at=soon, made_at=now
        ),
        referral=Referral.objects.create(
            **below, name="Eetclub", what="Eten", due_on=TODAY, made_at=now
        ),
        along=Involvement.objects.create(
            **below,
            team=receiver.team,
            part="Meedenken",
            state="along",
            asked_at=now,
            answered_at=now,
        ),
        wait=Wait.objects.create(
            **below,
            team=receiver.team,
            what="Een plek",
            bridge="Koffie",
            since=now,
            entered_at=now,
            contact_weeks=6,
            heard_on=TODAY,
            remind_on=soon,
            due_on=soon,
        ),
        task=Task.objects.create(
            **below, what="Bellen", team=receiver.team, due_on=TODAY, made_at=now
        ),
        handover=Handover.objects.create(
            **below,
            from_team=desk.team,
            to_team=receiver.team,
            state="offered",
            asked="x",
            tried="y",
            best_moment="z",
            told_resident_on=TODAY,
            capacity="unknown",
            offered_at=now,
            offered_by="x",
            remind_on=TODAY,
            due_on=TODAY,
        ),
        mandate=Mandate.objects.create(
            **own, resident=resident, proxy=proxy, what=["look"], starts_on=TODAY, confirmed_at=now
        ),
        invitation=MandateInvitation.objects.create(
            **own,
            resident=resident,
            name="Piet",
            email="piet@voorbeeld.example",
            what=["look"],
            created_at=now,
            answer_by=TODAY,
        ),
    )


def of_team(town, found: SimpleNamespace) -> SimpleNamespace:  # noqa: F811
    """Return a family with what hangs below its team, and so not below one question."""
    worker, boss = found.desk.worker, found.desk.coordinator
    found.absence = be_away(
        membership=worker, first_on=TODAY, last_on=TODAY + timedelta(900), by=SYSTEM
    )
    found.worker, found.colleague = worker, boss
    return found


@pytest.fixture(scope="module")
def kept_families(request, kept_town):
    """A question, one beside it of the same team, and one of another team."""
    with kept(request):
        bram, fien = (person(kept_town.municipality, name) for name in ("Bram Bos", "Fien Far"))
        with working_for(kept_town.municipality.code):
            found = SimpleNamespace(
                mine=of_team(kept_town, family(kept_town, kept_town.a, kept_town.resident)),
                beside=family(kept_town, kept_town.a, bram),
                far=of_team(kept_town, family(kept_town, kept_town.b, fien)),
            )
        yield found


@pytest.fixture
def families(town, kept_families, copied):  # noqa: F811
    return copied(kept_families)


@dataclass(frozen=True)
class Case:
    """A post to `page`, by `who`, that names a child; `says` is the word for what is not there."""

    page: str
    child: str
    fields: Callable[[Any, Any], dict[str, Any]]  # of the own family and of the child's
    who: str = "worker"  # of the desk, its coordinator, the resident, or who works along
    key: str = "question"  # of the own family, in the address
    says: str = ""  # told on the next page, and not by 404 or 400
    of_team: bool = False  # what is shared within the team
    own_too: bool = True  # with the own child the same post changes something


def plan(do: str, child: str, **more: Any) -> Callable[[Any, Any], dict[str, Any]]:
    """Return a post of the plan; fields of a form carry the name of the form and the child."""

    def fields(_mine: Any, other: Any) -> dict[str, Any]:
        key = getattr(other, child).pk
        named = {f"{do}-{key}-{name}": value for name, value in more.items() if name != "state"}
        return named | {"do": do, child: str(key), "together": "on"} | more

    return fields


def over(do: str, child: str, **more: Any) -> Callable[[Any, Any], dict[str, Any]]:
    """Return a post about a child that is named "over"."""
    return lambda _mine, other: {"doe": do, "over": str(getattr(other, child).pk), **more}


def names(field: str, child: str, **more: Any) -> Callable[[Any, Any], dict[str, Any]]:
    """Return a post with the key of a child in a field."""
    return lambda _mine, other: {field: str(getattr(other, child).pk), **more}


def action_by(kind: str, child: str) -> Callable[[Any, Any], dict[str, Any]]:
    """Return an action in the own plan, done by somebody of another."""

    def fields(mine: Any, other: Any) -> dict[str, Any]:
        name = f"add-action-{mine.goal.pk}"
        who = f"{kind}:{getattr(other, child).pk}"
        values = {"who": who, "what": "Wandelen", "rung": "self", "together": "on"}
        return {"do": "add-action", "goal": str(mine.goal.pk)} | {
            f"{name}-{field}": value for field, value in values.items()
        }

    return fields


def decided(part: str = "along") -> Callable[[Any, Any], dict[str, Any]]:
    """Return a decision in the own discussion, for a team that works along with another."""
    return lambda _mine, other: {
        "what": "Bellen", "due_on": f"{TODAY + timedelta(900):%d-%m-%Y}", "key": str(uuid4()),
        "part": str(getattr(other, part).pk),
    }  # fmt: skip


TIE = {"name": "Bea", "relation": "friend", "kinds": ["P"], "closeness": "2",
       "how_often": "weekly", "together": "on"}  # fmt: skip
LATER = {"due_on": f"{TODAY + timedelta(900):%d-%m-%Y}", "what": "Bellen", "key": str(uuid4())}
CASES = [
    # the plan, written together
    Case("plan", "goal", plan("change-goal", "goal", words="Anders", version="1", together="on")),
    Case("plan", "goal", plan("end-goal", "goal", state="reached")),
    Case("plan", "goal", plan("add-action", "goal", who="resident", what="Wandelen", rung="self",
                              together="on")),
    Case("plan", "goal", plan("split", "goal", moment="before", own="50", network="25",
                              professional="25", together="on")),
    Case("plan", "action", plan("end-action", "action", state="done")),
    Case("plan", "attempt", plan("end-try", "attempt", result="worked")),
    Case("plan", "school", plan("withdraw-school", "school"), own_too=False),
    Case("plan", "tie", action_by("tie", "tie")),
    Case("plan", "worker", action_by("worker", "worker"), of_team=True),
    Case("my-plan", "goal", plan("lock-goal", "goal", locked="ja"), who="resident"),
    Case("my-plan", "goal", plan("change-goal", "goal", words="Anders", version="1"),
         who="resident"),
    Case("my-plan", "action", plan("end-action", "action", state="done"), who="resident"),
    Case("my-plan", "attempt", plan("end-try", "attempt", result="worked"), who="resident"),
    Case("my-plan", "tie", action_by("tie", "tie"), who="resident"),
    Case("my-plan", "school", names("signal", "school", do="withdraw-school"), who="resident"),
    Case("school-signal", "school", names("signal", "school", do="withdraw")),
    # the map
    Case("network-of", "tie", names("tie", "tie", do="draw", **TIE)),
    Case("network-of", "tie", names("tie", "tie", do="remove", together="on")),
    Case("my-network", "tie", names("tie", "tie", do="draw", **TIE), who="resident", key=""),
    Case("my-network", "tie", names("tie", "tie", do="remove"), who="resident", key=""),
    Case("my-network", "share", names("share", "share", do="stop"), who="resident", key=""),
    Case("my-network", "question", names("question", "question", do="share"), who="resident",
         key="", own_too=False),
    Case("my-network", "proxy", lambda mine, other: {
        "do": "share", "question": str(mine.question.pk), "proxy": str(other.proxy.pk),
    }, who="resident", key=""),
    # who works along
    Case("along", "referral", over("referral:finish", "referral", result="solved", version="1")),
    Case("along", "referral", over("referral:stop", "referral", version="1")),
    Case("along", "along", over("along:end", "along", version="1")),
    Case("along", "along", over("task", "along", **LATER)),
    Case("along", "wait", over("wait:contact", "wait", version="1")),
    Case("along", "wait", over("wait:off", "wait", version="1", reason="Gelukt")),
    Case("along", "task", over("task:done", "task"), who="receiver"),
    Case("along", "along", over("along:leave", "along", version="1"), who="receiver"),
    # discussions
    Case("decide", "along", decided(), key="discussion"),
    Case("discussions", "team", lambda _mine, other: {
        "purpose": "Samen", "day": LATER["due_on"], "starts": "10:00", "key": str(uuid4()),
        "teams": [str(other.desk.team.pk)],
    }, of_team=True, own_too=False),
    # the resident's own: what is shared, and who speaks for them
    Case("my-sharing", "ground", over("stop", "ground"), who="resident"),
    Case("my-sharing", "handover", over("withdraw", "handover"), who="resident"),
    Case("share-no-more", "ground", names("ground", "ground"), who="resident",
         says="Deze afspraak is er niet meer."),
    Case("my-wait-off", "wait", names("over", "wait"), who="resident",
         says="Deze afspraak is er niet meer."),
    Case("answer-mandate", "invitation", names("take-back", "invitation"), who="resident", key="",
         says="Dit is er niet meer"),
    Case("answer-mandate", "mandate", names("end", "mandate"), who="resident", key="",
         says="Dit is er niet meer"),
    Case("answer-mandate", "invitation", names("accept", "invitation"), who="resident", key="",
         says="Dit is er niet meer", own_too=False),
    Case("suspend-mandate", "mandate", names("mandate", "mandate", what="suspend"),
         who="coordinator", says="Deze machtiging is er niet meer."),
    # colleagues, and what a team keeps
    Case("give-to", "colleague", names("give-to-holder", "colleague", **{"give-to-version": "1"}),
         who="coordinator", of_team=True),
    Case("add-task", "colleague", lambda _mine, other: {
        "add-task-version": "1", "add-task-holder": str(other.colleague.pk),
    } | {f"add-task-{name}": value for name, value in LATER.items()}, of_team=True),
    Case("absences", "absence", lambda mine, other: {
        "later-absence": str(other.absence.pk), "later-cover": str(mine.colleague.pk),
    }, who="coordinator", key="", of_team=True),
    Case("absences", "colleague", lambda mine, other: {
        "later-absence": str(mine.absence.pk), "later-cover": str(other.colleague.pk),
    }, who="coordinator", key="", of_team=True),
]  # fmt: skip


def ids(case: Case) -> str:
    return f"{case.page} {case.fields(*[_Any()] * 2).get('do', '')} {case.child} {case.who}"


class _Any:
    """Anything of a family, where only the words of a post matter."""

    pk = "x"

    def __getattr__(self, _name: str) -> "_Any":
        return self


def post(case: Case, families, town, at_desk, other) -> tuple[Any, str, set[str]]:  # noqa: F811
    """Send what a case says; return the answer, the words after it, and the changed tables."""
    mine = families.mine
    whose = {
        "worker": town.a.worker, "coordinator": town.a.coordinator, "resident": town.resident,
        "receiver": town.c.worker,
    }  # fmt: skip
    path = reverse(case.page, args=[getattr(mine, case.key).pk] if case.key else [])
    browser = at_desk(whose[case.who])
    with changes() as done:
        answer = browser.post(path, case.fields(mine, other))
    after = browser.get(answer["Location"]) if answer.status_code == 302 else answer
    return answer, text(after), done


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_a_child_of_another_question_is_not_there(town, families, at_desk, case):  # noqa: F811
    for side in ["far"] if case.of_team else ["beside", "far"]:
        answer, page, done = post(case, families, town, at_desk, getattr(families, side))
        assert done == set(), side
        if case.says:
            assert answer.status_code == 302 and case.says in page, side
        else:
            assert answer.status_code in (400, 404), (side, answer.status_code)


@pytest.mark.parametrize("case", [one for one in CASES if one.own_too], ids=ids)
def test_with_the_own_child_the_same_post_does_something(town, families, at_desk, case):  # noqa: F811
    answer, page, done = post(case, families, town, at_desk, families.mine)
    assert answer.status_code == 302 and done - {"journal.Fact"}, page[:600]


@pytest.mark.parametrize("side", ["beside", "far"])
def test_a_file_of_another_conversation_is_not_there(town, families, at_desk, side):  # noqa: F811
    mine, other = families.mine.question, getattr(families, side).question
    Attachment.objects.filter(question=other).update(number=7)
    for who, page in ((town.a.worker, "attachment"), (town.resident, "my-attachment")):
        browser = at_desk(who)
        assert browser.get(reverse(page, args=[mine.pk, 1])).status_code == 200
        assert browser.get(reverse(page, args=[mine.pk, 7])).status_code == 404


def test_a_decision_for_a_team_that_left_meanwhile_is_nobody_else_s(town, families, at_desk):  # noqa: F811
    mine = families.mine
    browser, path = at_desk(town.a.worker), reverse("decide", args=[mine.discussion.pk])
    Involvement.objects.update(state="ended", ended_at=timezone.now())
    with changes() as done:
        answer = browser.post(path, decided()(mine, mine))
    assert done == set()
    assert "Dit kan nu niet meer." in text(browser.get(answer["Location"]))


def test_a_team_that_works_along_moves_no_part_and_no_task_of_another(town, families, at_desk):  # noqa: F811
    mine, own = families.mine, {"municipality": town.municipality}
    part = Involvement.objects.create(
        **own, question=mine.question, team=town.b.team, part="Rijden", state="along",
        asked_at=timezone.now(), answered_at=timezone.now(),
    )  # fmt: skip
    task = Task.objects.create(
        **own, question=mine.question, what="Rijden", team=town.b.team, due_on=TODAY,
        made_at=timezone.now(),
    )  # fmt: skip
    browser, path = at_desk(town.c.worker), reverse("along", args=[mine.question.pk])
    for do, row in (
        ("along:leave", part), ("along:end", part), ("along:decline", part), ("task:done", task),
        ("referral:stop", mine.referral), ("task", part),
    ):  # fmt: skip
        fields = {"doe": do, "over": str(row.pk), "version": "1", "reason": "Vol", **LATER}
        with changes() as done:
            assert browser.post(path, fields).status_code == 404, do
        assert done == set(), do
