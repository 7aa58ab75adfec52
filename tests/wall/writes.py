"""What looking may write."""

import re

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
