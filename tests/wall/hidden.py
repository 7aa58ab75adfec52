"""Records that somebody may not see, and how each comes into being.

`HIDDEN` says for each kind how to make one record of a side, and to whom of the actor's own
municipality it may be visible there. Elsewhere nothing is visible to anybody.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from omzien.directory.actions.edits import propose_edit
from omzien.directory.actions.importing.files import keep_file
from omzien.directory.actions.reports import report_wrong
from omzien.directory.actions.thesaurus import add_words
from omzien.directory.models import QuestionCount, Service
from omzien.journal.actions import record
from omzien.messages.actions import tell
from omzien.messages.mails import Letter
from omzien.people.actions.memberships import appoint, be_away, end_membership, welcome_person
from omzien.people.actions.teams import form_team
from omzien.people.logs.reading import note
from omzien.people.models import Mandate
from omzien.people.rules.looking import Result
from omzien.people.rules.roles import IN_A_TEAM, SYSTEM, Actor, Role
from omzien.questions.actions.measuring import measure
from omzien.questions.actions.network import Known, draw_tie
from omzien.questions.actions.plans import add_goal
from omzien.questions.models import Question
from omzien.questions.rules.network import Often, Relation
from omzien.questions.rules.plans import Moment
from omzien.questions.rules.support import Support
from tests.wall.town import Side
from tests.worlds import TODAY

WORD = "Zwaluwnest"  # stands in each hidden record, and may stand in no answer


def _service(side: Side) -> Service:
    return Service.objects.get(pk=side.things["entry"])


def _newcomer(side: Side):
    return welcome_person(municipality=side.municipality, name=f"Zus {WORD}", by=SYSTEM)


def _membership(side: Side) -> None:
    appoint(
        person=_newcomer(side), organisation=side.organisation, team=side.team,
        role=Role.TEAM_MEMBER, starts_on=TODAY, by=SYSTEM,
    )  # fmt: skip


def _ended(side: Side) -> None:
    end_membership(membership=side.people[Role.PARTNER_WORKER], by=SYSTEM)


def _absence(side: Side) -> None:
    away = side.people[Role.COORDINATOR]
    be_away(membership=away, first_on=TODAY, last_on=TODAY + timedelta(900), by=SYSTEM)


def _team(side: Side) -> None:
    form_team(municipality=side.municipality, name=f"Team {WORD}", by=SYSTEM)


def _mandate(side: Side) -> None:
    Mandate.objects.create(
        municipality=side.municipality, resident=_newcomer(side), proxy=_newcomer(side),
        what=["look"], starts_on=TODAY, confirmed_at="2026-11-25T10:00Z",
    )  # fmt: skip


def _draft(side: Side) -> None:
    draft = _service(side)
    draft.pk, draft.slug, draft.title = None, "zwaluwnest", f"{WORD} in wording"
    draft.status = Service.Status.WITHDRAWN
    draft.save(force_insert=True)


def _report(side: Side) -> None:
    report_wrong(
        municipality=side.municipality, service=_service(side), about="contact", text=WORD, on=TODAY
    )


def _edit(side: Side) -> None:
    propose_edit(service=_service(side), changes={"cost": WORD}, by="owner")


def _word(side: Side) -> None:
    add_words(municipality=side.municipality, word=WORD, means="nergens", by="test")


def _file(side: Side) -> None:
    content = f"titel;omschrijving;aanbieder\n{WORD};x;y\n".encode()
    keep_file(
        municipality=side.municipality, name=f"{WORD}.csv", content=content, language="nl", by="t"
    )


def _mail(side: Side) -> None:
    tell(
        municipality=side.municipality, key=WORD, recipients=["zus@voorbeeld.example"],
        letter=Letter(WORD, WORD),
    )  # fmt: skip


def _count(side: Side) -> None:
    QuestionCount.objects.create(
        municipality=side.municipality, area="", topic="debt", month=TODAY.replace(day=1),
        kind=QuestionCount.Kind.NOTHING, count=99,
    )  # fmt: skip


def _log(side: Side) -> None:
    note(
        SYSTEM.__class__(side.municipality.code, machine="system"),
        purpose="help", object=("question", ""), about=[_newcomer(side).pk], result=Result.ALLOWED,
    )  # fmt: skip


def _fact(side: Side) -> None:
    record(
        verb="test", subject=WORD, subject_id="1", by="test", municipality=side.municipality.code
    )


def _question(side: Side) -> Question:
    return Question.objects.get(pk=side.things["question"])


def _tie(side: Side) -> None:
    resident = Actor(side.municipality.code, Role.RESIDENT, person=side.resident.pk)
    known = Known(
        name=WORD, relation=Relation.FRIEND, kinds=[Support.COMPANY], closeness=1,
        how_often=Often.DAILY,
    )  # fmt: skip
    draw_tie(person=side.resident, known=known, by=resident, now=timezone.now())


def _goal(side: Side) -> None:
    resident = Actor(side.municipality.code, Role.RESIDENT, person=side.resident.pk)
    add_goal(question=_question(side), words=WORD, by=resident, now=timezone.now())


def _measurement(side: Side) -> None:
    resident = Actor(side.municipality.code, Role.RESIDENT, person=side.resident.pk)
    measure(
        question=_question(side), instrument="kort", moment=Moment.BEFORE, answers={"dag": 4},
        by=resident, now=timezone.now(),
    )  # fmt: skip


@dataclass(frozen=True)
class Kind:
    """One kind of record. `seen_by`: the roles that may see it in the same municipality."""

    make: Callable[[Side], object]
    seen_by: frozenset[Role] = frozenset()


MANAGER, CHIEF, OFFICER = Role.FUNCTIONAL_MANAGER, Role.CHIEF_EDITOR, Role.PRIVACY_OFFICER
HIDDEN = {
    "person": Kind(_newcomer),
    "membership": Kind(_membership, frozenset({MANAGER})),
    "ended membership": Kind(_ended, frozenset({MANAGER, OFFICER})),
    "absence": Kind(_absence, frozenset({MANAGER})),
    # Whom to invite; and how much work each team has.
    "team": Kind(_team, frozenset({MANAGER, Role.POLICY_OFFICER}) | IN_A_TEAM),
    "mandate": Kind(_mandate),
    "withdrawn entry": Kind(_draft, frozenset({CHIEF})),
    "report": Kind(_report, frozenset({CHIEF})),
    "edit": Kind(_edit, frozenset({CHIEF})),
    "file": Kind(_file, frozenset({CHIEF})),
    "mail": Kind(_mail, frozenset({CHIEF})),
    "count": Kind(_count, frozenset({CHIEF, MANAGER, Role.POLICY_OFFICER})),
    "log line": Kind(_log, frozenset({OFFICER})),
    "fact": Kind(_fact),
    "tie": Kind(_tie),
    "goal": Kind(_goal),
    "measurement": Kind(_measurement),
    "word": Kind(_word, frozenset(Role)),  # of the same municipality: it changes the search
}


def is_hidden(kind: str, side: str, role: Role) -> bool:
    """Tell whether a record of a kind of a side is hidden from a role of the side "own"."""
    if side == "elsewhere":
        return True
    return side == "other" and role not in HIDDEN[kind].seen_by
