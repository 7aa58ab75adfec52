"""A form takes its own fields and no others, whichever a visitor adds.

Every form of every page is found by looking, filled in, and sent twice: as it is, and with the
names of columns beside it. What both change in the database is the same.
"""

import copy
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from html.parser import HTMLParser
from typing import Any
from uuid import UUID

import pytest
from django.db import models, transaction
from django.test import Client
from django.urls import Resolver404, resolve, reverse

from omzien.journal.isolation import working_for
from omzien.people.rules.roles import Role, table
from omzien.questions.actions import plans
from omzien.questions.rules.plans import WithWhom
from tests.signing import wearing
from tests.wall.rows import OWN, PUBLIC, ROWS
from tests.wall.town import Side, build
from tests.wall.writes import counted, tables, touched
from tests.web.test_hardening import TAKES_POST
from tests.worlds import TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
HOST = "meierijstad.localhost"
MARK = "gekaapt"  # stands in each added text, and may stand in no table


# --- finding forms ------------------------------------------------------------------------------

# What fits where a plain sentence does not, and buttons that only change the form.
FITTING = {
    "phones": "0413-555 001", "times": "", "website": "https://voorbeeld.example", "age": "14",
    "try-service": "", "postcode": "5481 AB", "town": "Schijndel",
}  # fmt: skip
CHANGES_THE_FORM = {"insert", "more"}


class Forms(HTMLParser):
    """The forms of a page: (where to, fields)."""

    def __init__(self, here: str) -> None:
        super().__init__()
        self.here, self.found, self.now = here, [], None
        self.select = self.area = ""

    def handle_starttag(self, tag: str, attrs: list) -> None:
        given = dict(attrs)
        if tag == "form" and (given.get("method") or "").lower() == "post":
            self.now = {}
            self.found.append(((given.get("action") or self.here).partition("#")[0], self.now))
        if self.now is None or ((name := given.get("name")) is None and tag != "option"):
            return
        kind, value = (given.get("type") or "text").lower(), given.get("value")
        if tag == "textarea":
            self.now[name], self.area = FITTING.get(name, "Een zin."), name
        elif tag == "select":
            self.now.setdefault(name, "")
            self.select = name
        elif tag == "option":
            if self.select and not self.now[self.select]:
                self.now[self.select] = value or ""
        elif tag == "button" and name not in CHANGES_THE_FORM:
            self.now.setdefault(name, value or "")
        elif kind in ("radio", "checkbox"):
            self.now.setdefault(name, value or "on")
        elif tag != "button" and kind != "file":
            self.now[name] = value or _typed(name, kind)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.now = None
        if tag == "select":
            self.select = ""


def _typed(name: str, kind: str) -> str:
    """Return what somebody could fill in."""
    if name in FITTING:
        return FITTING[name]
    later = TODAY + timedelta(days=901)
    if kind == "date":
        return f"{later:%Y-%m-%d}"
    if kind == "number":
        return "5"
    if kind == "email" or "mail" in name:
        return "nieuw@voorbeeld.example"
    if kind == "tel" or "phone" in name:
        return "06-5550 1234"
    if "starts" in name or "time" in name:
        return "10:00"
    is_day = name.endswith(("_on", "day")) or "date" in name
    return f"{later:%d-%m-%Y}" if is_day else "Wandelen"


# --- what is added ------------------------------------------------------------------------------


def extra(town: dict) -> dict[str, str]:
    """Return the names of columns that no form may take from outside, each with a true value."""
    other, elsewhere = town["other"], town["elsewhere"]
    values = {
        "municipality municipality_id": elsewhere.municipality.code,
        "team team_id from_team to_team": other.team.pk,
        "organisation organisation_id": other.organisation.pk,
        "person person_id resident resident_id asked_by represents proxy account user by"
        " on_behalf_of recorded_by offered_by planned_by": other.resident.pk,
        "membership membership_id holder holder_id": other.people[Role.FUNCTIONAL_MANAGER].pk,
        "question question_id follows": other.things["question"],
        "is_staff is_superuser is_default is_demo is_locked is_proven is_dropped is_acute"
        " is_urgent by_resident together from_groups villages": "1",
        "closed_at ended_at confirmed_at revoked_at withdrawn_at done_at answered_at made_at"
        " asked_at created_at told_at starts_on checked_on archived_at cancelled_at reported_at"
        " met_on left_on": "2020-01-01",
        "slug external_id reference recorded password": MARK,
        "id pk": UUID(int=7),
        "is_active": "0",
        "owner_email": f"{MARK}@evil.example",
        "role": "functional_manager",
        "rung_reached": "specialist",
        "state": "closed",
        "status": "removed",
    }
    return {name: str(value) for names, value in values.items() for name in names.split()}


def beside(fields: dict[str, str], added: dict[str, str]) -> dict[str, str]:
    """Return a form with what is added, plain and under the name of each form on the page."""
    marks = {"", *(name[: name.rfind("-") + 1] for name in fields if "-" in name)}
    more = {f"{mark}{name}": value for mark in marks for name, value in added.items()}
    return more | fields


# --- what changed -------------------------------------------------------------------------------


Rows = dict[tuple, dict[str, Any]]


def rows_of(town: dict, tables: Iterable[type[models.Model]]) -> Rows:
    """Return every row of both municipalities in some tables, by table and key."""
    found = {}
    for side in ("own", "elsewhere"):
        with working_for(town[side].municipality.code):
            for model in tables:
                for row in model._default_manager.values():
                    found[model, row[model._meta.pk.attname]] = row
    return found


def same_again(value: Any, known: set) -> Any:
    """Return what stands for a value that is made anew each time."""
    if isinstance(value, UUID) and value not in known:
        return "new"
    return "moment" if isinstance(value, datetime) else value


def changes(before: Rows, after: Rows) -> Counter:
    """Return what is not as it was: keys, choices, days and numbers. Texts are looked at apart."""
    known = {key for _model, key in before}
    found: Counter = Counter()
    for where in before.keys() | after.keys():
        if before.get(where) == after.get(where):
            continue
        model, _key = where
        cells = ["is new"] if where not in before else []
        for field in model._meta.concrete_fields:
            is_text = isinstance(field, models.CharField | models.TextField) and not field.choices
            if where not in after or field.primary_key:
                continue
            if not is_text and not isinstance(field, models.JSONField):
                value = same_again(after[where][field.attname], known)
                cells.append(f"{field.attname}={value}")
        found[model._meta.label, "; ".join(cells)] += 1
    return found


def sent(
    client: Client, path: str, fields: dict[str, str], town: dict, before: Rows
) -> tuple[int, Rows]:
    """Send a form; return the status and every row after it. Nothing of it stays.

    Only the tables in which something was written are read again.
    """
    cookies = copy.deepcopy(client.cookies)
    with transaction.atomic():
        since = counted()
        answer = client.post(path, fields, HTTP_HOST=HOST)
        again = touched(since)
        after = {where: row for where, row in before.items() if where[0] not in again}
        after |= rows_of(town, again)
        transaction.set_rollback(True)
    client.cookies = cookies
    return answer.status_code, after


def everybody(side: Side) -> dict[Role, Client]:
    """Return the browser of each role of a side."""
    clients = {role: wearing(one) for role, one in side.people.items()}
    return clients | {Role.RESIDENT: wearing(side.resident)}


def at_work(side: Side, clients: dict[Role, Client]) -> Iterator[tuple[Client, str]]:
    """Yield who looks at which page that asks for a role."""
    for role, client in clients.items():
        for name, row in ROWS.items():
            if table()[role][row.verb] and not row.posts and row.more[:1] != ("json",):
                key = row.key(side, role)
                yield client, reverse(name, args=[*([key] if row.thing else []), *row.more])


def elsewhere(town: dict, clients: dict[Role, Client]) -> Iterator[tuple[Client, str]]:
    """Yield who looks at which page for everybody, and of the own account."""
    own, visitor = town["own"], Client(HTTP_HOST=HOST)
    for path in PUBLIC.values():
        for client in (visitor, clients[Role.RESIDENT]):
            yield client, path.format(slug=own.things["slug"])
    for name in sorted(set(OWN) - {"end-session", "mfa_remove_webauthn"}):
        yield clients[Role.RESIDENT], reverse(name)


def forms_of(looked_at: Iterable) -> Iterator[tuple[str, Client, str, dict[str, str]]]:
    """Yield (name, who, where to, fields) of every form on these pages, each kind once."""
    seen = set()
    for client, path in looked_at:
        found = client.get(path)
        if found.status_code != 200 or "text/html" not in found.headers["Content-Type"]:
            continue
        page = Forms(path)
        page.feed(found.content.decode())
        for where, fields in page.found:
            fields.pop("csrfmiddlewaretoken", None)
            try:
                name = resolve(where.partition("?")[0]).url_name
            except Resolver404:
                continue
            kind = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "", " ".join(sorted(fields)))
            what = fields.get("do") or fields.get("doe") or fields.get("what") or ""
            if (name, kind, what) not in seen:
                seen.add((name, kind, what))
                yield name, client, where, fields


# Forms that no page of this town shows: what a post to them holds.
BARE = {
    "answer-mandate": {},
    "change-discussion": {"off": "1"},
    "close-question": {
        "close-question-version": "1",
        "close-question-result": "solved",
        "close-question-rung_reached": "self",
        "close-question-is_told": "on",
    },  # what is in the way stands on the page instead of the form
    "decide": {"what": "Bellen", "due_on": f"{TODAY + timedelta(days=901):%d-%m-%Y}"},
    "editor-confirm": {},
    "editor-put-back": {},
    "give-up-reaching": {"give-up-reaching-version": "1"},
    "import-confirm": {},
    "import-discard": {},
    "import-undo": {},
    "invite": {},
    "keep-filter": {"name": "Nieuw", "state": "new"},
    "mediators": {},  # no volunteer is in this team
    "my-reopen": {},
    "my-wait-off": {},  # nobody of this town waits
    "refuse-request": {"reden": "identity"},
    "reopen-organisation": {},
    "run-list": {},
    "settings-reset": {},
    "settings-take-over": {},
    "suspend-mandate": {"what": "suspend"},
    "withdraw-erasure": {},
    "withdraw-route": {},
}
# A step of signing in, or behind a link in a mail: `tests/web/test_hardening.py` tries those.
BY_LINK = {
    "account_change_password", "account_login", "account_reauthenticate",
    "account_reset_password_from_key", "aftercare", "change", "close-account", "confirm",
    "enter-code", "handover-link", "invitation", "mfa_authenticate", "mfa_deactivate_totp",
    "mfa_reauthenticate", "mfa_reauthenticate_webauthn", "mfa_remove_webauthn",
    "municipal-sign-on", "new-change", "new-code", "new-confirm", "new-stop", "stop",
}  # fmt: skip


def bare(town: dict, clients: dict[Role, Client]) -> Iterator[tuple[str, Client, str, dict]]:
    """Yield what is sent to a form that no page shows, by each role that may."""
    for name, fields in BARE.items():
        row = ROWS[name]
        for role, client in clients.items():
            if table()[role][row.verb]:
                key = row.key(town["own"], role)
                path = reverse(name, args=[*([key] if row.thing else []), *row.more])
                yield name, client, path, fields


def test_a_form_takes_its_own_fields_and_no_others(world):
    town = build(world)
    clients = everybody(town["own"])
    found = list(forms_of([*at_work(town["own"], clients), *elsewhere(town, clients)]))
    assert {one[0] for one in found} | set(BARE) | BY_LINK >= TAKES_POST, "name it in BARE"
    found += bare(town, clients)
    added, before = extra(town), rows_of(town, tables())
    wrong, works = [], set()
    for name, client, path, fields in found:
        plain, after = sent(client, path, fields, town, before)
        more, later = sent(client, path, beside(fields, added), town, before)
        did, does = changes(before, after), changes(before, later)
        works |= {name} if did else set()
        if (plain, did) != (more, does):
            wrong.append((name, plain, more, sorted(does - did), sorted(did - does)))
        wrong += [(name, where) for where, row in later.items() if MARK in str(row)]
    assert wrong == []
    assert len(works) > 60, "most forms must do something, or nothing is compared"


def test_what_a_form_takes_beside_its_own_fields_is_seen(world, monkeypatch):
    """As it once was: a resident could say that a worker was there when they wrote alone."""
    monkeypatch.setattr(
        plans, "holds_pen",
        lambda *_given, together, **_more: WithWhom.TOGETHER if together else WithWhom.SELF,
    )  # fmt: skip
    town = build(world)
    client, question = wearing(town["own"].resident), town["own"].things["question"]
    path, before = reverse("my-plan", args=[question]), rows_of(town, tables())
    fields = {"do": "add-goal", "add-goal-words": "Weer buiten komen."}
    _status, after = sent(client, path, fields, town, before)
    _status, later = sent(client, path, beside(fields, extra(town)), town, before)
    assert changes(before, after) != changes(before, later)
