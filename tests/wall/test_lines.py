"""Each page with a name of the town leaves its line in the log, and without a log it shows none."""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from omzien.journal.isolation import working_for
from omzien.people.logs.models import AccessLine, ProcessingLine
from omzien.people.logs.reading import subject_id
from omzien.people.models import Person
from omzien.people.rules.roles import Role, table
from omzien.questions.models import BreakGlass, Crisis, Question
from tests.broken import break_log
from tests.wall.rows import OWN, PUBLIC, ROWS
from tests.wall.test_walk import HOST, browser
from tests.wall.town import Side
from tests.web.test_hardening import TAKES_POST

pytestmark = pytest.mark.slow
ROLES = [role for role in Role if role != Role.PUBLIC]
# What stands in an address and is somebody's: such a page shows nothing without a log.
OF_SOMEBODY = {
    "question", "ended", "task", "handover", "signal", "early-signal", "discussion", "aftercare",
    "objection", "resident", "end-membership", "answer-review", "closed-account",
}  # fmt: skip
# Where a person may stand without a line about them, who that may be, and why.
WORKS_ON_IT = "who works on it or could: the line is about whose question it is"
COLLEAGUES = dict.fromkeys(
    ("work-list", "keep-filter", "question", "pick-up", "go-on", "correct",
     "add-task", "give-to", "try-to-reach", "give-up-reaching", "close-question",
     "my-mediation", "mediation"), WORKS_ON_IT,
)  # fmt: skip
OWN_LIFE = dict.fromkeys(
    ("my-network", "mandates", "own-data", "own-file", "own-print", "data-of", "file-of"),
    "who has or gave a mandate, on one's own page: a line tells them each time that one looks",
)
REFERENCES = dict.fromkeys(
    ("archive-team", "remove-village"), "a reference only, to ask the team for it: it opens nothing"
)
SEARCHES = {  # what somebody types to find a person
    "find-person": lambda side: {"wie": side.resident.name},
    "find-question": lambda side: {"wat": side.resident.name},
}


@dataclass(frozen=True)
class Look:
    """One answer: who of the town stands in it, and about whom lines were written."""

    role: Role
    name: str
    ask: str
    status: int
    named: frozenset[UUID]
    referred: frozenset[UUID]  # by the reference of a question
    told: frozenset[UUID | None]

    @property
    def where(self) -> str:
        return f"{self.role} {self.ask} {self.name} {self.status}"


@dataclass(frozen=True)
class Known:
    """Who is known in the town, and by what a page is searched for them."""

    names: dict[UUID, str]
    references: list[tuple[UUID, re.Pattern[str]]]
    subjects: dict[str, UUID]

    def named(self, body: str) -> set[UUID]:
        there = ((key, name) for key, name in self.names.items() if name in body)
        return {key for key, name in there if re.search(rf"(?<![\w-]){re.escape(name)}", body)}

    def referred(self, body: str) -> set[UUID]:
        return {key for key, reference in self.references if reference.search(body)}


def known_in(code: str) -> Known:
    people = dict(Person.objects.filter(municipality=code).values_list("pk", "name"))
    asked = Question.objects.exclude(person=None).values_list("person", "reference")
    return Known(
        people,
        [(person, re.compile(str(reference))) for person, reference in asked],
        {subject_id(code, key): key for key in people},
    )


def told_since(number: int, known: Known) -> set[UUID | None]:
    """Return about whom lines were written after the line with this number."""
    lines = AccessLine.objects.filter(number__gt=number)
    each = ProcessingLine.objects.filter(
        access_operation_id__in=lines.values_list("operation_id", flat=True)
    )
    found = {known.subjects.get(one) for one in each.values_list("data_subject_id", flat=True)}
    return found | set(lines.values_list("about", flat=True))


def asks(side: Side, role: Role) -> Iterator[tuple[str, str, str, dict[str, str]]]:
    """Yield name, method, address and form of all that a role may ask for."""
    for name, row in ROWS.items():
        if not table()[role][row.verb]:
            continue
        path = reverse(name, args=[*([row.key(side, role)] if row.thing else []), *row.more])
        if not row.posts:
            yield name, "get", path, {}
        if row.posts or name in TAKES_POST:
            yield name, "post", path, {"answer": "stays", "what": "all"}
        if name in SEARCHES:
            yield name, "post", path, SEARCHES[name](side)


def own_person(side: Side, role: Role) -> UUID:
    """Return who it is that looks in a role."""
    if role == Role.PROXY:
        return side.proxies["acts"].proxy_id
    return side.resident.pk if role == Role.RESIDENT else side.people[role].person_id


def looks(town, role: Role, wanted) -> Iterator[Look]:
    """Ask for every `(name, method, address, form)`, each in a transaction that is rolled back."""
    side = town["own"]
    code = side.municipality.code
    with working_for(code):
        known = known_in(code)
    client = browser(town, role)
    me = own_person(side, role)
    for name, ask, path, form in wanted:
        with transaction.atomic():
            with working_for(code):
                last = AccessLine.objects.count()
            found = getattr(client, ask)(path, form, HTTP_HOST=HOST)
            body = b"".join(found.streaming_content) if found.streaming else found.content
            text = body.decode(errors="ignore")
            with working_for(code):
                told = told_since(last, known)
            transaction.set_rollback(True)
        yield Look(
            role, name, ask, found.status_code,
            frozenset(known.named(text) - {me}), frozenset(known.referred(text) - {me}),
            frozenset(told),
        )  # fmt: skip


@pytest.fixture(autouse=True)
def _no_demonstration(settings):
    settings.DEMO = False  # there everybody may see who there is to be


def without_line(side: Side, look: Look) -> set[UUID]:
    """Return who may stand on a page without a line about them."""
    if look.name in COLLEAGUES:
        return {one.person_id for one in side.people.values()}
    if look.name in OWN_LIFE:
        proxies = {one.proxy_id for one in side.proxies.values()}
        return {Role.RESIDENT: proxies, Role.PROXY: {side.resident.pk}}.get(look.role, set())
    return set()


def test_who_stands_on_a_page_has_a_line(town):
    side = town["own"]
    wrong, used, seen = [], set(), 0
    for role in ROLES:
        for look in looks(town, role, asks(side, role)):
            seen += bool(look.named)
            if alone := (look.named | look.referred) - look.told:
                excused = alone <= without_line(side, look) or (
                    look.name in REFERENCES and not look.named
                )
                used |= {look.name} if excused else set()
                wrong += [] if excused else [f"{look.where}: {len(alone)} without a line"]
    assert wrong == []
    assert used == {*COLLEAGUES, *OWN_LIFE, *REFERENCES}, "a reason that is no longer needed"
    assert seen > 100


@pytest.fixture
def quiet():
    """Let what cannot be written be said nowhere: here that is every page."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def test_without_a_log_no_page_shows_anybody(town, monkeypatch, quiet):
    break_log(monkeypatch)
    side, wrong, closed = town["own"], [], 0
    for role in ROLES:
        for look in looks(town, role, asks(side, role)):
            is_shown = look.named or (look.referred and look.name not in REFERENCES)
            is_open = look.status == 200 and ROWS[look.name].thing in OF_SOMEBODY
            closed += look.status == 503
            if is_shown or is_open:
                wrong.append(look.where)
    assert wrong == []
    assert closed > 200


def test_pages_for_everybody_and_the_own_account_name_nobody_else(town):
    sides = [town[name] for name in ("own", "other", "colleague")]
    samples = {"end-session": ["x"], "mfa_remove_webauthn": [1]}
    paths = {name: path.format(slug=sides[0].things["slug"]) for name, path in PUBLIC.items()}
    paths |= {name: reverse(name, args=samples.get(name, [])) for name in OWN}
    del paths["sign-out"]
    wanted = [(name, "get", path, {}) for name, path in paths.items()]
    connectors = {one.people[Role.CONNECTOR].person_id for one in sides}
    # A mandate is a role that is called after who gave it.
    helped = {sides[0].resident.pk}
    may = {"area": connectors, "hats": helped, "ask": helped}
    for role in (Role.RESIDENT, Role.PROXY, Role.COORDINATOR):
        # Those of one account are one person, who may choose who to be.
        me = {own_person(one, role) for one in sides}
        for look in looks(town, role, wanted):
            assert look.named - me <= may.get(look.name, set()), look.where
            assert not look.referred, look.where


def one_look(town, role: Role, name: str) -> Look:
    return next(looks(town, role, [(name, "get", reverse(name), {})]))


def test_a_list_of_what_is_acute_has_a_line_for_each(town):
    side, now = town["own"], timezone.now()
    reader = side.people[Role.CONNECTOR].person_id
    with working_for(side.municipality.code):
        Crisis.objects.create(
            municipality=side.municipality, question_id=side.things["question"], flagged_at=now,
            flagged_by="system", answer_by=now, acknowledged_at=now, acknowledged_by=str(reader),
        )  # fmt: skip
    look = one_look(town, Role.COORDINATOR, "crises")
    assert look.named == {reader} and look.referred == {side.resident.pk}
    assert look.named | look.referred <= look.told


def test_who_must_not_know_of_a_reading_does_not_learn_of_it_by_its_review(town):
    side = town["own"]
    reading = BreakGlass.objects.filter(pk=side.things["emergency"])
    for dangerous in ("Hij leest mee.", ""):
        with working_for(side.municipality.code):
            reading.update(not_told_because=dangerous)
        look = one_look(town, Role.COORDINATOR, "emergency-readings")
        assert look.referred == {side.resident.pk}
        assert (side.resident.pk in look.told) is not bool(dangerous)
        assert side.people[Role.TEAM_MEMBER].person_id in look.told
