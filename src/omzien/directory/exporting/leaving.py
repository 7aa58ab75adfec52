"""Everything that a municipality owns, in open forms: what it takes along when it leaves.

The tables are found in the database itself, not in a list: a table with a column that holds
the municipality is walked, so that a new one can never be forgotten. Unlike a public export
this holds hidden addresses, drafts and personal data: it is the municipality's own.
"""

import hashlib
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from django.db import connection
from django.utils import timezone

from omzien.areas.models import Municipality
from omzien.directory.exporting import hsds_files, sheets, tabular
from omzien.directory.exporting.export import own, walk
from omzien.journal.actions import record
from omzien.journal.isolation import working_for
from omzien.people.logs.reading import Operator, Origin, reading
from omzien.people.rules.looking import Action, Channel

# Keys to doors are nobody's data: a link or password from here must not work elsewhere.
SECRET = ("token", "password", "secret", "key_hash", "code_hash")
FETCH = 2000

README = """Alles van gemeente {name} ({code}) uit Omzien
Gemaakt op {day}.

LET OP: dit is alles wat van de gemeente is, ook geheime adressen, concepten en
persoonsgegevens. Bewaar het veilig. Voor open data is er de gewone export.

Wat zit erin
- hsds/aanbod.ndjson     het aanbod in HSDS 3.1, één object per regel
- hsds/datapakket/       hetzelfde als HSDS-datapakket (CSV met datapackage.json)
- aanbod.csv             hetzelfde als ons voorbeeldbestand, voor Excel
- tabellen/*.jsonl       elke tabel van de gemeente, één rij per regel, alle kolommen
- SHA256SUMS             controlegetal per bestand (nakijken: sha256sum -c SHA256SUMS)

Terugzetten of overnemen
- ander systeem: HSDS is een open standaard, zie docs.openreferral.org
- andere Omzien: omzien import-entries hsds/aanbod.ndjson --municipality CODE --write

Niet in de tabellen: kolommen met sleutels ({secret}).
HSDS kan geen geheime adressen aan; die staan alleen in tabellen/directory_place.jsonl.

Tabellen en aantal rijen
{tables}
"""


def exit_export(*, municipality: Municipality, out: Path, by: str) -> dict[str, int]:
    """Write everything the municipality owns to a zip; return the rows per table.

    There is person data in it, so it is logged first. Raises LogUnavailable.
    """
    with (
        tempfile.TemporaryDirectory() as temporary,
        working_for(municipality.code),
        reading(
            Operator(municipality.code), action=Action.EXPORT, object=("municipality", ""),
            purpose="leaving", origin=Origin(Channel.EXPORT),
        ),
    ):  # fmt: skip
        folder = Path(temporary)
        counted = _write_tables(folder, municipality)
        services = own(municipality)
        (folder / "hsds").mkdir()
        hsds_files.write_ndjson(
            folder / "hsds" / "aanbod.ndjson",
            hsds_files.objects(walk(services), with_persons=True),
        )
        tabular.write_folder(
            folder / "hsds" / "datapakket",
            hsds_files.objects(walk(services), with_persons=True),
        )
        sheets.write_entries(folder / "aanbod.csv", walk(services))
        (folder / "README.txt").write_text(_readme(municipality, counted), encoding="utf-8")
        _write_sums(folder)
        _zip(folder, out)
        record(
            verb="exit-export",
            subject="municipality",
            subject_id=municipality.code,
            by=by,
            municipality=municipality.code,
            rows=sum(counted.values()),
        )
    return counted


def owned_tables() -> list[tuple[str, str]]:
    """Return (table, column) of every table with a column that holds a municipality."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = current_schema()"
            " AND column_name IN ('municipality_id', 'municipality') ORDER BY table_name"
        )
        return [(str(table), str(column)) for table, column in cursor.fetchall()]


def _write_tables(folder: Path, municipality: Municipality) -> dict[str, int]:
    (folder / "tabellen").mkdir()
    tables = [(Municipality._meta.db_table, "code"), *owned_tables()]
    counted = {}
    for table, column in tables:
        path = folder / "tabellen" / f"{table}.jsonl"
        with path.open("w", encoding="utf-8", newline="\n") as stream:
            counted[table] = 0
            for line in _lines(table, column, municipality.code):
                stream.write(line + "\n")
                counted[table] += 1
    return counted


def _lines(table: str, column: str, code: str) -> Iterator[str]:
    """Yield the rows of a table as JSON text, made by PostgreSQL itself."""
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_schema = current_schema() AND table_name = %s",
            [table],
        )
        secret = [name for (name,) in cursor.fetchall() if any(s in name for s in SECRET)]
        # `tokens` of the search index are words, not keys.
        secret = [name for name in secret if name != "tokens"]
        cursor.execute(
            "DECLARE leaving NO SCROLL CURSOR FOR SELECT (to_jsonb(t) - %s::text[])::text"  # noqa: S608  # nosec B608 # only names of our models
            f" FROM {quote(table)} t WHERE {quote(column)} = %s ORDER BY 1",
            [secret, code],
        )
        while True:
            cursor.execute(f"FETCH {FETCH} FROM leaving")
            rows = cursor.fetchall()
            yield from (text for (text,) in rows)
            if len(rows) < FETCH:
                break
        cursor.execute("CLOSE leaving")


def _readme(municipality: Municipality, counted: dict[str, int]) -> str:
    return README.format(
        name=municipality.name,
        code=municipality.code,
        day=timezone.localdate().isoformat(),
        secret=", ".join(SECRET),
        tables="\n".join(f"- {table}: {rows}" for table, rows in sorted(counted.items())),
    )


def _write_sums(folder: Path) -> None:
    lines = []
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            with path.open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
            lines.append(f"{digest}  {path.relative_to(folder).as_posix()}")
    (folder / "SHA256SUMS").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _zip(folder: Path, out: Path) -> None:
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(folder).as_posix())
    out.chmod(0o600)
