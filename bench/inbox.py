"""The inbox with a million questions beside the inbox with ten thousand, in the same run.

Two databases of their own (`omzien_inbox…`), made once with `generate_series`: one
municipality, forty teams of five, every question live, a fifth of them held by nobody, a task
for every fifth, of which some came by themselves, all of this spread over sixty days around today. So with a million a team owns
25,000 live questions, which is far more than a team can have: the worst that the page can meet.
Handovers that are offered are not in it.

The page is asked as a browser asks it: middleware, session, role, gate, row-level security, the
log line and the commit are in the figure. Blocks of both sizes alternate, so that what else the
machine does falls on both. The bar: the p95 with a million is at most 1.5 times that with ten
thousand.

Beside it, with the large size: how long after a resident's question was sent somebody of the team
that got it has it in the inbox. From the call of the action to the page that holds its number;
the bar is one second. OMZIEN_BENCH_QUESTIONS sets the large size; a run that was stopped begins anew.
"""

import gc
import os
import statistics
import time
import uuid
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.test import Client
from django.utils import timezone

from omzien.areas.models import Municipality, Village
from omzien.areas.queries import forget
from omzien.config.database import grant
from omzien.directory.actions.entries import load_topics
from omzien.directory.search.answer import warm_up
from omzien.journal.isolation import working_for
from omzien.people.actions.memberships import appoint, be_away, welcome_person
from omzien.people.actions.starting import own_organisation
from omzien.people.actions.teams import form_team
from omzien.people.models import Account, Membership, Team
from omzien.people.rules.roles import SYSTEM, Actor, Role
from omzien.questions.actions.asking import Asked, Contact, ask
from omzien.questions.models import Question, SavedFilter
from omzien.questions.rules.states import ReachBy
from omzien.web.doors import HAT, STRONG

CODE, HOST = "GM1948", "meierijstad.localhost"
FULL, SMALL = 1_000_000, 10_000
TEAMS, PEOPLE, VILLAGES, BATCH = 40, 5, 12, 50_000
FORM = 4  # raise it when what is made changes, so that nothing old is measured
ARRIVALS, SOON = 20, 1000  # milliseconds
BLOCKS, EACH, FEW, BAR = 10, 20, 4, 1.5  # the inbox is the figure; of other pages a few do
PAGES = {
    "inbox": "/werk",
    "list of the team": "/werk/lijst",
    "list of nobody": "/werk/lijst?holder=nobody",
    "list, rare topic": "/werk/lijst?topic=debt&state=new",
    "today": "/vandaag",
}
TABLES = ("people_person", "questions_question", "questions_task")
PERSONS = """
    INSERT INTO people_person
        (id, municipality_id, name, first_name, email, phone, language, created_at)
    SELECT gen_random_uuid(), %(code)s, 'Inwoner ' || n, '', '', '0413-555 101', 'nl', now()
    FROM generate_series(%(first)s + 1, %(last)s) n
"""
QUESTIONS = """
    WITH p AS (SELECT id, row_number() OVER () - 1 n FROM people_person person
               WHERE name LIKE 'Inwoner %%' AND NOT EXISTS (
                   SELECT FROM questions_question q WHERE q.person_id = person.id)
               LIMIT %(size)s)
    INSERT INTO questions_question
        (id, municipality_id, reference, key, person_id, channel, reach_by, best_moment, language,
         story, topics, village_id, state, team_id, holder_id, rung, next_action, due_on, is_acute,
         asked_at, result, rung_reached, "left", version)
    SELECT gen_random_uuid(), %(code)s, upper(lpad(to_hex(%(first)s + n), 9, '0')),
        gen_random_uuid(), p.id, 'web', 'phone', '', 'nl', repeat('Een verhaal. ', 20),
        CASE n %% 50 WHEN 0 THEN ARRAY['debt'] ELSE ARRAY['loneliness'] END,
        (%(villages)s::bigint[])[1 + n %% %(village_count)s],
        (ARRAY['new', 'clarifying', 'running'])[1 + (n / 7) %% 3],
        (%(teams)s::uuid[])[1 + n %% %(team_count)s],
        CASE (n / %(team_count)s) %% 5 WHEN 0 THEN NULL ELSE
            (%(people)s::uuid[])[1 + (n %% %(team_count)s) * %(people_count)s
                + (n / %(team_count)s) %% %(people_count)s] END,
        'self', 'bellen', current_date + ((n * 7919) %% 60)::int - 20, (n / %(team_count)s) %% 100 = 7,
        now() - interval '10 days', '', '', '', 1
    FROM p
"""
TASKS = """
    INSERT INTO questions_task
        (id, municipality_id, question_id, kind, what, team_id, holder_id, due_on, made_at,
         is_dropped)
    SELECT gen_random_uuid(), municipality_id, id,
        CASE WHEN get_byte(uuid_send(id), 1) < 40 THEN 'next-step'
            WHEN get_byte(uuid_send(id), 1) < 60 THEN 'message' ELSE 'own' END, 'bellen',
        team_id, holder_id, due_on, now(), false
    FROM questions_question WHERE get_byte(uuid_send(id), 0) < 51
"""


def size() -> int:
    """Return how many questions the large database has."""
    return int(os.environ.get("OMZIEN_BENCH_QUESTIONS", FULL))


def run() -> None:
    """Make what is lacking, measure both, and print them beside each other."""
    sizes = (SMALL, size())
    if size() < FULL:
        print(f"{size():,} questions (the figure is {FULL:,})")
    for number in sizes:
        began = time.perf_counter()
        if _make(number):
            print(f"  {time.perf_counter() - began:.0f} s to make {number:,} questions", flush=True)
    warm_up()
    gc.freeze()  # as a process that serves does (config/wsgi.py)
    found: dict[tuple[str, int], list[float]] = {}
    for _block in range(BLOCKS):
        for number in sizes:
            _use(number)
            client = _worker()
            for name, address in PAGES.items():
                client.get(address)  # what a process learns once
                rounds = EACH if name == "inbox" else FEW
                times = [_timed(client, address) for _n in range(rounds)]
                found.setdefault((name, number), []).extend(times)
    for name in PAGES:
        small, large = (found[name, number] for number in sizes)
        ratio = _p95(large) / _p95(small)
        bar = f"bar {BAR}" if name == "inbox" else ""
        print(
            f"{name:20} {SMALL:,}: median {statistics.median(small):6.1f} p95 {_p95(small):6.1f} ms"
            f"   {size():,}: median {statistics.median(large):6.1f} p95 {_p95(large):6.1f} ms"
            f"   ratio of p95 {ratio:5.2f}  {bar}"
        )
    _use(size())
    _empty_desk()
    client = _worker("Loket")
    client.get("/werk")
    times = [_arrival(client) for _n in range(ARRIVALS)]
    print(
        f"{'sent, and in the inbox':20} {size():,}: median {statistics.median(times):6.1f}"
        f" p95 {_p95(times):6.1f} ms   bar {SOON} ms"
    )


def _arrival(client: Client) -> float:
    """Send a question; return after how many milliseconds the team has it in its inbox."""
    began = time.perf_counter()
    with working_for(CODE):
        town = Municipality.objects.get(pk=CODE)
        asked = Asked(
            story="Ik zoek iemand om mee te wandelen.",
            village=Village.objects.get(municipality=town, slug="dorp-1"),
            contact=Contact(name="Rina Roos", phone="06-5550 0001"),
            reach_by=ReachBy.PHONE,
        )
        question = ask(municipality=town, asked=asked, by=Actor(CODE), now=timezone.now())
    number = question.reference.encode()
    while number not in client.get("/werk/lijst?state=new").content:
        assert time.perf_counter() - began < 30, "it does not arrive"
    return (time.perf_counter() - began) * 1000


def _empty_desk() -> None:
    """Take away what an earlier run sent, so that what arrives stands on the first page."""
    with working_for(CODE), connections["default"].cursor() as cursor:
        cursor.execute("SELECT set_config('omzien.erasing', 'on', true)")
        Question.objects.filter(team__name="Loket").delete()


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def _timed(client: Client, address: str) -> float:
    began = time.perf_counter()
    answer = client.get(address)
    passed = (time.perf_counter() - began) * 1000
    assert answer.status_code == 200, (address, answer.status_code)
    return passed


def _worker(name: str = "Team 7") -> Client:
    """Return the browser of somebody of a team; in Team 7, who covers for a colleague."""
    with working_for(CODE):
        team = Team.objects.filter(name=name).get()
        hat = Membership.objects.filter(team=team).order_by("person__name").first()
        assert hat is not None
        account = Account.objects.get(persons=hat.person_id)
    client = Client(HTTP_HOST=HOST)
    client.force_login(account)
    session = client.session
    session[HAT], session[STRONG] = f"membership:{hat.pk}", True
    session.save()
    return client


def _name(number: int) -> str:
    return f"omzien_inbox{FORM}_{number}"


def _use(number: int) -> None:
    for alias in ("owner", "default", "log"):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = _name(number)
        settings.DATABASES[alias]["NAME"] = _name(number)
    forget()


def _make(number: int) -> bool:
    """Make the database of a size when it is not there whole; tell whether that was done."""
    owner = connections["owner"]
    with owner.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [_name(number)])
        is_there = bool(cursor.fetchone())
    if is_there:
        _use(number)
        with connections["owner"].cursor() as cursor:
            cursor.execute("SELECT to_regclass('bench_ready') IS NOT NULL")
            if cursor.fetchone()[0]:
                _migrate()  # it may have been made with an earlier Omzien
                return False
        owner.close()
        owner.settings_dict["NAME"] = "postgres"
        with owner.cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{_name(number)}" WITH (FORCE)')
    with owner.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{_name(number)}"')
    _use(number)
    _migrate()
    load_topics()
    _people()
    _fill(number)
    return True


def _migrate() -> None:
    owner = connections["owner"]
    call_command("migrate", database="owner", interactive=False, verbosity=0)
    call_command("createcachetable", database="owner", verbosity=0)
    grant(owner.connection, connections["default"].settings_dict["USER"])


def _people() -> None:
    town = Municipality.objects.create(code=CODE, name="Proef", slug="proef", host=HOST)
    for n in range(VILLAGES):
        Village.objects.create(
            municipality=town, slug=f"dorp-{n}", name=f"Dorp {n}", lat=51.6 + n / 100, lon=5.4
        )
    today = timezone.localdate()
    with working_for(CODE):
        own = own_organisation(town)
        desk = form_team(municipality=town, name="Loket", is_default=True, by=SYSTEM)
        address = "els@proef.example"
        els = welcome_person(
            municipality=town, name="Els van het loket", email=address, by=SYSTEM,
            account=Account.objects.create_user(address),
        )  # fmt: skip
        appoint(
            person=els, organisation=own, role=Role.TEAM_MEMBER, team=desk, starts_on=today,
            by=SYSTEM,
        )  # fmt: skip
        for t in range(TEAMS):
            team = form_team(municipality=town, name=f"Team {t}", by=SYSTEM)
            members = []
            for n in range(PEOPLE):
                address = f"wim.{t}.{n}@proef.example"
                account = Account.objects.create_user(address)
                person = welcome_person(
                    municipality=town, name=f"Wim {t} {n}", email=address, account=account,
                    by=SYSTEM,
                )  # fmt: skip
                members.append(appoint(
                    person=person, organisation=own, role=Role.TEAM_MEMBER, team=team,
                    starts_on=today, by=SYSTEM,
                ))  # fmt: skip
            be_away(membership=members[1], first_on=today, last_on=today + timedelta(900),
                    cover=members[0], by=SYSTEM)  # fmt: skip
            for name, wanted in (("nieuw", {"state": "new"}), ("schulden", {"topic": "debt"})):
                SavedFilter.objects.create(
                    municipality=town, membership=members[0], name=name, wanted=wanted
                )


def _fill(number: int) -> None:
    values = _keys()
    with connections["owner"].cursor() as cursor:
        for table in TABLES:  # only the owner of this database may go round the wall
            cursor.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for first in range(0, number, BATCH):
            last = min(first + BATCH, number)
            more = {"first": first, "last": last, "size": last - first, "code": CODE}
            cursor.execute(PERSONS, more)
            cursor.execute(QUESTIONS, values | more)
            print(f"\r  {last:,} questions", end="", flush=True)
        print()
        cursor.execute(TASKS)
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CREATE TABLE bench_ready (at timestamptz)")


def _keys() -> dict[str, Any]:
    with working_for(CODE):
        teams: list[uuid.UUID] = []
        people: list[uuid.UUID] = []
        for t in range(TEAMS):
            team = Team.objects.get(name=f"Team {t}")
            teams.append(team.pk)
            members = Membership.objects.filter(team=team).order_by("person__name")
            people += members.values_list("pk", flat=True)
        villages = list(Village.objects.filter(municipality=CODE).values_list("pk", flat=True))
    return {
        "teams": teams,
        "team_count": TEAMS,
        "people": people,
        "people_count": PEOPLE,
        "villages": villages,
        "village_count": VILLAGES,
    }
