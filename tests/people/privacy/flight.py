"""The life of the canary in a real process on a real database; prints what was found as JSON.

Run by test_canary.py in a folder of its own. Everything is committed, every page is asked for,
mail goes out; then the person is erased, and all of the process and the database is searched.
"""

import gc
import io
import json
import logging
import os
import sys
import types
from collections.abc import Iterator
from pathlib import Path

KEEP = sys.argv[1] if len(sys.argv) > 1 else ""  # a source to leave out: the negative control
LOG = io.StringIO()


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "omzien.config.settings")
    import django

    django.setup()
    from django.conf import settings

    settings.ALLOWED_HOSTS = ["*"]
    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": plain}}
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    logging.getLogger().addHandler(logging.StreamHandler(LOG))
    logging.getLogger().setLevel(logging.INFO)
    from omzien.cli.commands.site import run_migrate

    run_migrate(None)
    from tests.people.privacy.conftest import hatch
    from tests.worlds import build

    world = build()
    canary = hatch(world)
    if KEEP:  # the negative control: what stays needs no visits
        _leave_out(KEEP)
    else:
        _visit(world, canary)
    before = _everything(settings.VAR)
    _erase(canary)
    after = _everything(settings.VAR)
    if not KEEP:
        _visit(world, None)
    later = _everything(settings.VAR)
    sys.stdout.write("RESULT " + json.dumps({"before": before, "after": after, "later": later}))
    sys.stdout.write("\n")


def _leave_out(code: str) -> None:
    import dataclasses

    from omzien.people.privacy import registry

    registry._known.sources = tuple(
        dataclasses.replace(one, erase=lambda subject: 0) if one.code == code else one
        for one in registry.sources()
    )


def _visit(world, canary) -> None:
    """Ask for every page, as a visitor, as the canary and as who oversees; and send the mail."""
    from django.test import Client

    from omzien.messages.actions import deliver_waiting
    from omzien.people.rules.roles import Role
    from tests.journeys import pages
    from tests.signing import member, wearing

    names = {Role.PRIVACY_OFFICER: "Fien F", Role.CHIEF_EDITOR: "Riet R"}
    clients = [Client(HTTP_HOST="meierijstad.localhost", raise_request_exception=False)]
    if canary:
        clients += [wearing(canary.person), wearing(canary.membership)]
        for role in (Role.PRIVACY_OFFICER, Role.CHIEF_EDITOR):
            clients.append(wearing(member(role, world.meierijstad, name=names[role])))
        _visit.staff = clients[3:]
    else:
        clients += _visit.staff
    asked = [path for path in pages.paths() if "kop-boven" not in path]
    asked += ["/vandaag", "/redactie", "/account/gegevens", "/account/gegevens.json",
              "/account/gegevens.html", "/beheer/bewaren", "/aanbod/loket-geldzaken",
              "/aanbod/open-huiskamer-de-kersentuin", "/api/v1/search?q=schulden",
              "/hsds/v3/services"]  # fmt: skip
    for client in clients:
        for path in asked:
            client.get(path)
        for words in ("schulden", "koffie"):
            client.post("/antwoord", {"text": words}, follow=True)
    deliver_waiting()


def _erase(canary) -> None:
    from django.utils import timezone

    from omzien.journal.isolation import working_for
    from omzien.people.models import Person
    from omzien.people.privacy.erasing import erase_person
    from omzien.people.rules.roles import SYSTEM

    with working_for("GM1948"):
        person = Person.objects.get(pk=canary.person.pk)
        erase_person(person=person, reason="request", on=timezone.localdate(), by=SYSTEM)
    for name in list(vars(canary)):
        setattr(canary, name, None)


def _everything(var: Path) -> dict[str, list[str]]:
    """Return where the tokens of the canary are: tables, files, logs, memory."""
    found = {f"table {name}": text for name, text in _tables()}
    for path in var.rglob("*"):
        if path.is_file() and "postgres" not in path.relative_to(var).parts:
            found[f"file {path.relative_to(var)}"] = path.read_bytes().decode("utf-8", "ignore")
    found["log"] = LOG.getvalue()
    from tests.people.privacy.conftest import TOKENS

    hits = {
        where: [t for t in TOKENS if t in text.lower() or t.encode().hex() in text]
        for where, text in found.items()
    }
    hits["memory"] = sorted(_memory(TOKENS))
    return {where: tokens for where, tokens in hits.items() if tokens}


def _tables() -> Iterator[tuple[str, str]]:
    """Yield every table as its administrator sees it, sessions unpacked."""
    import psycopg
    from django.conf import settings

    from omzien.people.models import Session

    host = settings.DATABASES["default"]["HOST"]
    with psycopg.connect(host=host, user="postgres", dbname="omzien") as connection:
        names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname='public'")
        for (name,) in names.fetchall():
            rows = connection.execute(f'SELECT t::text FROM "{name}" t').fetchall()
            yield name, "\n".join(row for (row,) in rows)
    for one in Session.objects.all():
        yield "sessions unpacked", json.dumps(one.get_decoded())


def _memory(tokens) -> Iterator[str]:
    """Yield what our own modules and Django's cache still hold, however deep."""
    from django.core.cache import caches

    roots = [(name, vars(module)) for name, module in sys.modules.items()
             if name.startswith("omzien.") and module]  # fmt: skip
    roots.append(("cache", getattr(caches["default"], "_cache", {})))
    skip = (types.ModuleType, types.FrameType, type)
    seen: set[int] = {id(sys.modules), id(gc.get_objects)}
    waiting = list(roots)
    while waiting:
        where, one = waiting.pop()
        if id(one) in seen or isinstance(one, skip):
            continue
        seen.add(id(one))
        if isinstance(one, str | bytes):
            text = one.decode("utf-8", "ignore") if isinstance(one, bytes) else one
            yield from (f"{where}: {t}" for t in tokens if t in text.lower())
            continue
        if isinstance(one, types.FunctionType):
            # What a function closes over and its defaults; not all of its module's world.
            waiting += [(where, part) for part in (one.__closure__, one.__defaults__)]
            continue
        waiting += [(where, part) for part in gc.get_referents(one)]


main()
