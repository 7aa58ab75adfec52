"""What needs somebody today, and the lists behind it: as fast with a million questions as with ten.

Nothing here counts to the end, or skips rows to reach a page: lists go by a key in the order of a
partial index (the day, then who waited longest), and counts stop at a hundred.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import F, Model, QuerySet
from django.db.models.fields.tuple_lookups import TupleGreaterThan

from omzien.people.kept import planned
from omzien.people.models import Membership
from omzien.people.queries.covering import stand_ins
from omzien.people.rules.roles import Actor, Role
from omzien.questions.models import Question, SavedFilter, Task
from omzien.questions.models.questions import working
from omzien.questions.rules.filters import Facts, Filter, fits, last_day, read

PAGE, SHOWN, MOST, WINDOW = 25, 8, 100, 300
RETURNED = (Task.Kind.NEXT_STEP, Task.Kind.ALLOWED, Task.Kind.REFUSED, Task.Kind.REOPENED)
ORDER: Mapping[type[Model], tuple[str, str, str]] = {
    Question: ("due_on", "asked_at", "pk"),
    Task: ("due_on", "made_at", "pk"),
}
SAME = {Question: ("pk", "is_acute"), Task: ("question", "kind")}
Key = tuple[date, datetime, UUID]
Away = dict[UUID, Membership | None]
"""Who is away (key of the membership), with who stands in."""


class Found(NamedTuple):
    """A row of a list by its key, with the question that it is about, and as what it stands
    there: the kind of a task, or whether a question is acute.
    """

    day: date
    since: datetime
    pk: UUID
    question: UUID
    stands_as: Any


@dataclass(frozen=True)
class Part:
    """The first rows of a list, and how many there are, up to a hundred."""

    rows: tuple[Any, ...] = ()
    count: int = 0

    @property
    def said(self) -> str:
        """Return the count as a page shows it: "12", or "99+"."""
        return f"{MOST - 1}+" if self.count >= MOST else str(self.count)

    @property
    def is_longer(self) -> bool:
        """Tell whether there are more than a page shows."""
        return self.count > SHOWN


@dataclass(frozen=True)
class Kept:
    """A list that somebody kept, with its count among the first rows of the team; without one for
    what the team does along with others, which this app does not know.
    """

    saved: SavedFilter
    wanted: Filter
    said: str


@dataclass(frozen=True)
class Inbox:
    """The parts of the page, most pressing first."""

    acute: Part
    mine: Part
    nobody: Part
    spoken: Part  # the resident said something that nobody of the team opened yet
    tasks: Part
    returned: Part
    kept: list[Kept] = field(default_factory=list)

    @property
    def questions(self) -> list[Question]:
        """Return every question on the page."""
        own = [*self.acute.rows, *self.mine.rows, *self.nobody.rows]
        tasks = (*self.spoken.rows, *self.tasks.rows, *self.returned.rows)
        return [*own, *(task.question for task in tasks)]


def inbox_of(actor: Actor, *, on: date) -> Inbox:
    """Return what needs somebody today."""
    questions, tasks = _lists(actor, on=on)
    found = {name: _keys(lists) for name, lists in questions.items()}
    to_do = {name: _keys(lists) for name, lists in tasks.items()}
    said = {one.pk for one in found["acute"]} | _asking_a_step(to_do["returned"])
    found |= {
        name: [one for one in found[name] if one.pk not in said] for name in ("mine", "nobody")
    }  # what stands elsewhere is not said again
    whole = Task.objects.workable_by(actor).defer("question__story")
    with_question = whole.select_related("question__village", "question__holder__person")
    return Inbox(
        **_parts(found, _shown(_team(actor))),
        **_parts(to_do, with_question),
        kept=_kept(actor, on=on),
    )


def waiting_for(actor: Actor, *, on: date, besides: int = 0) -> Part:
    """Return how much waits for somebody, as the inbox lists it: tasks, and questions, each
    counted once. `besides`: how much waits beside them, of which this app knows nothing.
    """
    questions, tasks = (
        _keys([rows for lists in parts.values() for rows in lists])
        for parts in _lists(actor, on=on)
    )
    said = _asking_a_step(tasks)
    count = sum(one.stands_as or one.pk not in said for one in questions)
    return Part(count=min(count + len(tasks) + besides, MOST))


def late_in_team(actor: Actor, *, on: date) -> Part:
    """Return how many questions of the team are over their day, for who coordinates; else none."""
    if not looks_along(actor, on=on):
        return Part()
    return Part(count=len(_keys([_team(actor).filter(due_on__lt=on)])))


def listed(actor: Actor, wanted: Filter, *, on: date, after: Key | None = None) -> list[Question]:
    """Return one page and one row more of the own team's live questions, in order of their day;
    of one day who waited longest first.
    """
    rows = narrowed(_shown(_team(actor)), wanted, actor, on=on)
    lists = [rows]
    if wanted.holder == "nobody":
        lists = _of_nobody(rows, _gone(actor, _away(actor, on=on), on=on))
    return _merged(lists, after, PAGE + 1)


def narrowed(
    rows: QuerySet[Question], wanted: Filter, actor: Actor, *, on: date
) -> QuerySet[Question]:
    """Return the rows that a filter leaves; that of nobody is up to `_of_nobody`."""
    if wanted.village:
        rows = rows.filter(village__slug=wanted.village)
    if wanted.topic:
        rows = rows.filter(topics__contains=[wanted.topic])
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.due:
        rows = rows.filter(due_on__lte=last_day(wanted.due, on=on))
    if wanted.holder and wanted.holder != "nobody":
        me = str(actor.membership)
        rows = rows.filter(holder__in=[me if wanted.holder == "me" else wanted.holder])
    return rows


def looks_along(actor: Actor, *, on: date) -> bool:
    """Tell whether somebody does what is a coordinator's: in a team without one, everybody."""
    if actor.may("question.reassign"):
        return True
    here = Membership.objects.live(on=on).filter(team=actor.team, role=Role.COORDINATOR)
    return not here.exists()


def _takes(actor: Actor, away: Away) -> list[UUID]:
    """Return for whom somebody works today: for oneself, and for those one stands in for."""
    others = [one for one, by in away.items() if by and by.pk == actor.membership]
    return [actor.membership, *others] if actor.membership else []


def away_among(questions: Iterable[Question], *, on: date) -> Away:
    """Return, of who holds these questions, who is away today, with who stands in."""
    holders = {one.holder_id for one in questions if one.holder_id}
    return stand_ins(on=on) if holders else {}


def gone_among(questions: Iterable[Question], *, on: date) -> set[UUID]:
    """Return who holds one of these questions and cannot sign in any more: it is the desk's."""
    holders = {one.holder_id for one in questions if one.holder_id}
    here = working({}, on=on).filter(pk__in=holders)
    return holders - set(here.values_list("pk", flat=True)) if holders else set()


def named_among(questions: Sequence[Question], actor: Actor) -> dict[UUID, str]:
    """Return the names of residents, of the questions of which `actor` may see the contact."""
    keys = [one.pk for one in questions]
    seen = Question.objects.visible_to(actor, verb="contact.read").filter(pk__in=keys)
    return dict(seen.values_list("pk", "person__name")) if keys else {}


def _team(actor: Actor) -> QuerySet[Question]:
    """Return the live questions on which `actor` may work: one team's, and so one index."""
    return Question.objects.visible_to(actor, verb="question.work")


def _shown(rows: QuerySet[Question]) -> QuerySet[Question]:
    return rows.select_related("village", "holder__person").defer("story")


def _away(actor: Actor, *, on: date) -> Away:
    """Return who is away, with who of the own team stands in: another reads nothing of it."""
    found = stand_ins(on=on)
    return {one: by if by and by.team_id == actor.team else None for one, by in found.items()}


def _gone(actor: Actor, away: Away, *, on: date) -> list[UUID]:
    """Return who of the team left, or is away with nobody to stand in: what they hold is the
    desk's.
    """
    members = Membership.objects.filter(team=actor.team)
    return list(members.exclude(pk__in=working(away, on=on)).values_list("pk", flat=True))


def _lists(
    actor: Actor, *, on: date
) -> tuple[dict[str, list[QuerySet[Question]]], dict[str, list[QuerySet[Task]]]]:
    """Return the parts of the inbox, of questions and of tasks, as lists that have an index."""
    team, to_do = _team(actor), Task.objects.workable_by(actor).open()
    away = _away(actor, on=on)
    who, gone = _takes(actor, away), _gone(actor, away, on=on)
    # What somebody planned is seen on its day; what came by itself is seen when it comes.
    mine = _of_desk(to_do.filter(due_on__lte=on), who, gone, Task.Kind.OWN)
    mine += _of_desk(to_do, who, gone, Task.Kind.SILENT, Task.Kind.GIVEN, Task.Kind.TOLD)
    if looks_along(actor, on=on):
        mine += _of_desk(to_do, who, gone, Task.Kind.COORDINATOR)
    return {
        "acute": [team.filter(is_acute=True)],
        "mine": [team.filter(holder=one, due_on__lte=on) for one in who],
        "nobody": _of_nobody(team, gone),
    }, {
        "spoken": _of_desk(to_do, who, gone, Task.Kind.MESSAGE),
        "tasks": mine,
        "returned": _of_desk(to_do, who, gone, *RETURNED),
    }


def _of_nobody(rows: QuerySet[Question], gone: Sequence[UUID]) -> list[QuerySet[Question]]:
    """Return what is the desk's: held by nobody, and held by who is gone."""
    free = rows.filter(holder=None)
    return [free, rows.filter(holder__in=gone)] if gone else [free]


def _of_desk(
    rows: QuerySet[Task], who: Iterable[UUID], gone: Sequence[UUID], *kinds: Task.Kind
) -> list[QuerySet[Task]]:
    """Return the tasks of some kinds: of each of these people, of each kind at the team, and of
    who is gone.
    """
    found = [rows.filter(holder=one, kind__in=kinds) for one in who]
    found += [rows.filter(holder=None, kind=kind) for kind in kinds]
    return [*found, rows.filter(holder__in=gone, kind__in=kinds)] if gone else found


def _keys(lists: Sequence[QuerySet[Any]]) -> list[Found]:
    """Return the first hundred of some lists together, each once, in one narrow query."""
    firsts = [
        rows.order_by(*ORDER[rows.model]).values_list(
            *ORDER[rows.model], *(F(name) for name in SAME[rows.model])
        )[:MOST]
        for rows in lists
    ]
    found = planned(firsts[0].union(*firsts[1:], all=True)) if firsts else []
    return sorted({Found(*row) for row in found}, key=lambda one: one[:3])[:MOST]


def _asking_a_step(tasks: Iterable[Found]) -> set[UUID]:
    """Return the questions of which a task asks the next step: that says what there is to do, so
    the question does not stand beside it. One that is acute does.
    """
    return {one.question for one in tasks if one.stands_as in RETURNED}


def _parts(keys: Mapping[str, list[Found]], rows: QuerySet[Any]) -> dict[str, Part]:
    """Return each list with its first rows, read whole from `rows` in one query for all."""
    whole = rows.in_bulk({one.pk for found in keys.values() for one in found[:SHOWN]})
    return {
        name: Part(tuple(whole[one.pk] for one in found[:SHOWN] if one.pk in whole), len(found))
        for name, found in keys.items()
    }


def _merged(lists: Sequence[QuerySet[Any]], after: Key | None, size: int) -> list[Any]:
    found: list[Model] = []
    order = ORDER[Question]
    for rows in lists:
        if after is not None:
            rows = rows.filter(TupleGreaterThan(tuple(F(name) for name in order), after))
        found += rows.order_by(*order)[:size]
    return sorted(found, key=attrgetter(*order))[:size]


def _kept(actor: Actor, *, on: date) -> list[Kept]:
    saved = list(SavedFilter.objects.visible_to(actor))
    if not saved:
        return []
    here = working(_away(actor, on=on), on=on).filter(team=actor.team)
    holders = {str(pk) for pk in here.values_list("pk", flat=True)}
    rows = _team(actor).order_by(*ORDER[Question]).values_list(
        "village__slug", "topics", "state", "holder", "due_on"
    )[: WINDOW + 1]  # fmt: skip
    facts = [
        Facts(slug, tuple(topics), state, str(holder) if str(holder) in holders else "", due)
        for slug, topics, state, holder, due in planned(rows)
        if due is not None
    ]
    more = "+" if len(facts) > WINDOW else ""
    found = []
    for one in saved:
        wanted = read(one.wanted)
        if wanted.whose:
            found.append(Kept(one, wanted, ""))
            continue
        count = sum(fits(wanted, fact, me=str(actor.membership), on=on) for fact in facts[:WINDOW])
        found.append(Kept(one, wanted, f"{count}{more}"))
    return found
