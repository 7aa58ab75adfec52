"""Records that somebody may not see, and how each comes into being.

`HIDDEN` says for each kind how to make one record of a side, and to whom of the actor's own
municipality it may be visible there. Elsewhere nothing is visible to anybody.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from omzien.agenda.models import PageFeedback
from omzien.choices.actions import change_settings
from omzien.directory.actions.edits import propose_edit
from omzien.directory.actions.importing.files import keep_file
from omzien.directory.actions.reports import report_wrong
from omzien.directory.actions.thesaurus import add_words
from omzien.directory.models import (
    ImportBefore,
    ImportRun,
    Phone,
    Provider,
    QuestionCount,
    Service,
)
from omzien.journal.actions import record
from omzien.messages.actions import tell
from omzien.messages.mails import Letter
from omzien.messages.models import Message
from omzien.people.actions.invitations import open_invitation
from omzien.people.actions.mandates import Proxy, invite_proxy
from omzien.people.actions.memberships import appoint, be_away, end_membership, welcome_person
from omzien.people.actions.same import join_persons
from omzien.people.actions.teams import form_team
from omzien.people.logs.reading import note
from omzien.people.models import AccessReview, Hold, Mandate, ReviewLine, SamePerson, Team
from omzien.people.rules.looking import Result
from omzien.people.rules.roles import IN_A_TEAM, SYSTEM, Role
from tests.wall import hidden_casework as casework
from tests.wall.hidden_casework import WORD
from tests.wall.town import Side, a_case
from tests.worlds import TODAY


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
    form_team(municipality=side.municipality, name=f"Team {WORD} {side.team.name}", by=SYSTEM)


def _mandate(side: Side) -> None:
    Mandate.objects.create(
        municipality=side.municipality, resident=_newcomer(side), proxy=_newcomer(side),
        what=["look"], starts_on=TODAY, confirmed_at="2026-11-25T10:00Z",
    )  # fmt: skip


def _draft(side: Side) -> Service:
    draft = _service(side)
    draft.pk, draft.slug, draft.title = None, f"zwaluwnest-{uuid4()}", f"{WORD} in wording"
    draft.status = Service.Status.WITHDRAWN
    draft.save(force_insert=True)
    return draft


def _report(side: Side) -> None:
    report_wrong(
        municipality=side.municipality, service=_service(side), about="contact", text=WORD, on=TODAY
    )


def _edit(side: Side) -> None:
    propose_edit(service=_service(side), changes={"cost": WORD}, by="owner")


def _word(side: Side) -> None:
    add_words(
        municipality=side.municipality,
        word=f"{WORD}{side.team.name[5:]}",
        means="nergens",
        by="test",
    )


def _file(side: Side) -> None:
    content = f"titel;omschrijving;aanbieder\n{WORD};x;y\n".encode()
    keep_file(
        municipality=side.municipality, name=f"{WORD}.csv", content=content, language="nl", by="t"
    )


def _mail(side: Side) -> None:
    tell(
        municipality=side.municipality, key=f"{WORD} {side.team.pk}", letter=Letter(WORD, WORD),
        recipients=["zus@voorbeeld.example"],
    )  # fmt: skip


def _failed(side: Side, kind: str) -> None:
    Message.objects.create(
        municipality=side.municipality, key=f"{kind}:{side.team.pk}", subject=WORD, body=WORD,
        recipient="zus@voorbeeld.example", state=Message.State.FAILED,
    )  # fmt: skip


def _count(side: Side) -> None:
    QuestionCount.objects.create(
        municipality=side.municipality, area="", topic=f"debt-{side.team.name}",
        month=TODAY.replace(day=1), kind=QuestionCount.Kind.NOTHING, count=99,
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


def _hold(side: Side) -> None:
    Hold.objects.create(
        municipality=side.municipality, kind="person", key=str(_newcomer(side).pk), reason=WORD,
        placed_by="x",
    )  # fmt: skip


def _same_person(side: Side) -> None:
    other = _newcomer(side)
    join_persons(
        person=side.resident, other=other, how=SamePerson.How.ASKED, by=SYSTEM, now=timezone.now()
    )
    a_case(side, person=other, story=WORD, team=Team.objects.get(pk=side.things["desk"]))


def _proxy_asked(side: Side) -> None:
    asked = Proxy(name=WORD, email="zus@voorbeeld.example", what=["look"])
    by = casework.resident(side)
    invite_proxy(resident=side.resident, proxy=asked, by=by, now=timezone.now())


def _invitation(side: Side) -> None:
    open_invitation(person=_newcomer(side), by=SYSTEM)


def _review_line(side: Side) -> None:
    reviews = AccessReview.objects.filter(municipality=side.municipality, closed_at=None)
    worker = side.people[Role.EDITOR]
    ReviewLine.objects.filter(membership=worker, review__in=reviews).delete()
    for one in reviews:
        ReviewLine.objects.create(municipality=side.municipality, review=one, membership=worker)


def _provider(side: Side) -> None:
    ours = {"municipality": side.municipality}
    provider = Provider.objects.create(**ours, name=WORD, sort_name=WORD, kind="partner")
    Phone.objects.create(**ours, service=_draft(side), number="0413-555 999", note=WORD)
    run = ImportRun.objects.create(**ours, kind="csv", file_name=WORD)
    ImportBefore.objects.create(**ours, run=run, provider=provider, before={"name": WORD})


def _opinion(side: Side) -> None:
    PageFeedback.objects.create(municipality=side.municipality, page="/over", score=1, remark=WORD)


def _settings(side: Side) -> None:
    change_settings(municipality=side.municipality, raw={"contact_phone": "14 0999"}, by=SYSTEM)


@dataclass(frozen=True)
class Kind:
    """One kind of record, and who may see that it is there.

    `own`: the roles that may see one of their own team, organisation or life; `seen_by`: those
    that may see one of another team of the same municipality.
    """

    make: Callable[[Side], object]
    seen_by: frozenset[Role] = frozenset()
    own: frozenset[Role] = frozenset()


MANAGER, CHIEF, OFFICER = Role.FUNCTIONAL_MANAGER, Role.CHIEF_EDITOR, Role.PRIVACY_OFFICER
POLICY, LEADER, ADMIN = Role.POLICY_OFFICER, Role.COORDINATOR, Role.TECHNICAL_ADMIN
EVERYBODY, NOBODY = frozenset(Role), frozenset()
ENTRIES = (Role.EDITOR, Role.INITIATOR)  # of the organisation, whose entries they keep
TEAM = IN_A_TEAM
HERS = frozenset({Role.RESIDENT, Role.PROXY})
AREA = TEAM - {Role.PARTNER_WORKER}
# The privacy officer sees how much there is about somebody, and of a request all that it is.
ABOUT_HER = frozenset({Role.RESIDENT, OFFICER})
CASE = HERS | TEAM | {OFFICER}


def _roles(*roles: Role) -> frozenset[Role]:
    return frozenset(roles)


HIDDEN = {
    "person": Kind(_newcomer),
    "membership": Kind(_membership, _roles(MANAGER), TEAM | {MANAGER}),
    "ended membership": Kind(_ended, _roles(MANAGER, OFFICER), TEAM | {MANAGER, OFFICER}),
    "absence": Kind(_absence, _roles(MANAGER), TEAM | {MANAGER}),
    # Whom to invite; and how much work each team has.
    "team": Kind(_team, *[TEAM | {MANAGER, POLICY, ADMIN}] * 2),
    "mandate": Kind(_mandate),
    "withdrawn entry": Kind(_draft, _roles(CHIEF), _roles(CHIEF, *ENTRIES)),
    "report": Kind(_report, _roles(CHIEF), _roles(CHIEF, *ENTRIES)),
    "edit": Kind(_edit, _roles(CHIEF), _roles(CHIEF, *ENTRIES)),
    "file": Kind(_file, _roles(CHIEF), _roles(CHIEF)),
    "mail": Kind(_mail),
    # The manager sees to how many addresses no mail comes, and none of them.
    "failed mail about an entry": Kind(
        lambda side: _failed(side, "remind"), *[_roles(CHIEF, MANAGER)] * 2
    ),
    "failed mail to a resident": Kind(
        lambda side: _failed(side, "received"), *[_roles(MANAGER)] * 2
    ),
    "count": Kind(_count, *[_roles(CHIEF, MANAGER, POLICY)] * 2),
    "log line": Kind(_log, _roles(OFFICER), _roles(OFFICER)),
    "fact": Kind(_fact),
    "word": Kind(_word, EVERYBODY, EVERYBODY),  # of the same municipality: it changes the search
    "settings": Kind(_settings, EVERYBODY, EVERYBODY),  # and these stand on each page
    "hold": Kind(_hold, *[_roles(POLICY, OFFICER, ADMIN)] * 2),
    "same person": Kind(_same_person, NOBODY, TEAM | ABOUT_HER),
    "proxy asked": Kind(_proxy_asked, NOBODY, TEAM | ABOUT_HER),
    "invitation": Kind(_invitation),
    "review line": Kind(
        _review_line, _roles(MANAGER, OFFICER), _roles(MANAGER, OFFICER, Role.EDITOR)
    ),
    "provider": Kind(_provider, _roles(CHIEF), _roles(CHIEF, *ENTRIES)),
    "opinion": Kind(_opinion, _roles(CHIEF), _roles(CHIEF)),
    "mediation": Kind(casework.mediation, NOBODY, HERS | _roles(LEADER, OFFICER, Role.VOLUNTEER)),
    # a question, and what lies around it
    "question": Kind(casework.question, _roles(POLICY), CASE | {POLICY}),
    "crisis": Kind(casework.crisis, _roles(POLICY), CASE | {POLICY}),
    "post": Kind(casework.post, NOBODY, CASE),
    "answer": Kind(casework.answer, NOBODY, CASE),
    "note": Kind(casework.note, NOBODY, TEAM | ABOUT_HER),
    "own note": Kind(casework.own_note, NOBODY, ABOUT_HER),
    "task": Kind(casework.task, NOBODY, TEAM | ABOUT_HER),
    "attempt": Kind(casework.attempt, NOBODY, CASE),
    "contact attempt": Kind(casework.contact_attempt, NOBODY, TEAM | ABOUT_HER),
    "unshared tie": Kind(casework.unshared_tie),
    "tie": Kind(casework.tie, NOBODY, _roles(Role.CONNECTOR, Role.TEAM_MEMBER) | ABOUT_HER),
    "share": Kind(casework.share, NOBODY, CASE),
    "goal": Kind(casework.goal, NOBODY, CASE),
    "measurement": Kind(casework.measurement, NOBODY, CASE),
    "school": Kind(casework.school, NOBODY, CASE),
    "emergency": Kind(casework.emergency, _roles(POLICY, OFFICER), CASE | {POLICY}),
    "signal": Kind(casework.signal, NOBODY, AREA),
    "early signal": Kind(casework.early_signal, NOBODY, _roles(Role.TEAM_MEMBER, LEADER)),
    "discussion": Kind(casework.discussion, NOBODY, CASE),
    "anonymous": Kind(casework.anonymous, NOBODY, TEAM),
    "objection": Kind(casework.objection, NOBODY, CASE),
    "aftercare": Kind(casework.aftercare, NOBODY, CASE),
    "ground": Kind(casework.ground, NOBODY, CASE),
    "handover": Kind(casework.handover, _roles(POLICY), CASE | {POLICY}),
    "draft": Kind(casework.draft, _roles(POLICY), CASE | {POLICY}),
    "referral": Kind(casework.referral, NOBODY, TEAM | ABOUT_HER),
    "consult": Kind(casework.consult, _roles(POLICY), CASE | {POLICY}),
    "involvement": Kind(casework.involvement, _roles(POLICY), CASE | {POLICY}),
    "wait": Kind(casework.wait, _roles(POLICY), CASE | {POLICY}),
    "waited for": Kind(casework.waited_for, _roles(POLICY), CASE | {POLICY}),
    "room": Kind(casework.room, TEAM, TEAM),  # told to who would hand something over
    "text": Kind(casework.text, _roles(MANAGER), TEAM | {MANAGER}),
    "saved filter": Kind(casework.saved_filter, NOBODY, _roles(Role.TEAM_MEMBER)),
    "route": Kind(casework.route, *[_roles(MANAGER, POLICY, ADMIN, LEADER)] * 2),
    # The privacy officer advises on them.
    "route proposal": Kind(casework.route_proposal, *[_roles(POLICY, LEADER, OFFICER)] * 2),
}


def is_hidden(kind: str, side: str, role: Role) -> bool:
    """Tell whether a record of a kind of a side is hidden from a role of the side "own"."""
    one = HIDDEN[kind]
    return side == "elsewhere" or role not in (one.own if side == "own" else one.seen_by)
