"""What looking may write, and what was written at all."""

import re

from django.apps import apps
from django.db import connection, models

STEP = re.compile(r'^(SAVEPOINT|RELEASE SAVEPOINT|ROLLBACK TO SAVEPOINT) "(\w+)"')
WRITES = re.compile(r"^\s*(INSERT|UPDATE|DELETE|MERGE|COPY|TRUNCATE)\b", re.I)
# What a GET may write, and why.
MAY = {
    "cache_limits": "how often an address asks; a hash that lives for hours",
    "directory_questioncount": "a count per village, topic and month of a shared link; no person",
    r"\"journal_fact\" .*'export', 'person',": "that somebody's data was downloaded",
    r"\"questions_task\" SET \"done_at\".*\"kind\" = 'message'": "the same: the task was to look",
    r"\"questions_post\" SET \"seen_at\"": "that the other side opened the conversation",
    "people_session": "when somebody was last here, and how far they are with signing in",
}


def stayed(queries) -> list[dict]:
    """Return the statements that no rollback to a savepoint took back."""
    found: list[dict] = []
    began: dict[str, int] = {}
    for one in queries:
        if not (step := STEP.match(one["sql"])):
            found.append(one)
        elif step[1] == "SAVEPOINT":
            began[step[2]] = len(found)
        elif step[1].startswith("ROLLBACK"):
            del found[began[step[2]] :]
    return found


def written(queries) -> list[str]:
    """Return the statements that wrote what looking may not."""
    found = [q["sql"] for q in queries if WRITES.match(q["sql"])]
    return [sql for sql in found if not any(re.search(mark, sql) for mark in MAY)]


# Who looked, how often, and whose session it is: a refused post leaves that too.
LEFT_BY_LOOKING = {"accessline", "processingline", "loghead", "session"}
APPS = ("people", "questions", "handovers", "messages", "journal", "directory", "mfa")


def counted() -> dict[str, int]:
    """Return by table how many rows this transaction wrote, as PostgreSQL counts them.

    What a rollback to a savepoint takes back goes on counting.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables"
        )
        return dict(cursor.fetchall())


def tables() -> list[type[models.Model]]:
    """Return the models of every table that a post could change."""
    every = (one for name in APPS for one in apps.get_app_config(name).get_models())
    return [one for one in every if one._meta.model_name not in LEFT_BY_LOOKING]


def touched(since: dict[str, int]) -> list[type[models.Model]]:
    """Return of these tables those in which a row was written since it was counted."""
    now = counted()
    return [one for one in tables() if now[one._meta.db_table] > since[one._meta.db_table]]
