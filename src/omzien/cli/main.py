"""The `omzien` command: the product's own words first, Django's commands behind `manage`."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence

# Commands of Django's that look into the database past every gate, or write there.
LOOKS_INSIDE = ("shell", "dbshell", "dumpdata", "loaddata", "flush")
UNDEFINED = ("42P01", "42703")  # SQLSTATE of a table or a column that is not there


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code (0 done, 1 refused, 2 wrong use)."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "omzien.config.settings")
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words[:1] == ["manage"]:
        from django.core.management import execute_from_command_line

        if words[1:2] and words[1] in LOOKS_INSIDE:
            _note(words[1])
        execute_from_command_line(["omzien manage", *words[1:]])
        return 0
    from omzien.cli import commands

    parser = argparse.ArgumentParser(prog="omzien", description=__doc__)
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="command")
    for add in commands.ALL:
        add(subparsers)
    options = parser.parse_args(words)
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        code = run(options)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader, `head` for one, has seen enough. Python would complain once more at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("Gestopt.", file=sys.stderr)
        return 130
    except Exception as error:
        if not (advice := _advice(error)):
            raise
        print(advice, file=sys.stderr)
        return 1
    return code


def _note(command: str) -> None:
    """Leave a line in the access log. Without a log it goes on, and says so: who mends a broken
    database has no other way in.
    """
    import django
    from django.db import Error

    django.setup()
    from omzien.people.logs.operators import note_operator
    from omzien.people.logs.writing import LogUnavailable
    from omzien.people.rules.looking import Action

    try:
        note_operator(command, action=Action.READ)
    except (Error, LogUnavailable):
        print("Dit kon niet in het logboek worden gezet. Noteer het zelf.", file=sys.stderr)


def _advice(error: Exception) -> str:
    """Return what someone can do about a database that is not ready; "" for other errors."""
    from django.db import OperationalError, ProgrammingError

    if isinstance(error, OperationalError):
        return f"De database antwoordt niet. Loopt PostgreSQL en klopt DATABASE_URL?\n{error}"
    state = getattr(error.__cause__, "sqlstate", "")
    if isinstance(error, ProgrammingError) and state in UNDEFINED:
        return "De database is ouder dan dit programma. Draai eerst `omzien migrate`."
    return ""


if __name__ == "__main__":
    sys.exit(main())
