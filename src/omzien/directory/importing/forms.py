"""The forms that a file may have, and the reader of each."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from omzien.directory.importing import hsds_json, table, tabular
from omzien.directory.importing import mapping as mappings
from omzien.directory.importing.rows import Findings, Incoming, Wrong

FORMS = ("hsds", "tabular", "table", "mapping")


@dataclass(frozen=True)
class Reading:
    """What is read: the rows (lazily), what is found on the way, and the name of the source."""

    rows: Iterable[Incoming]
    findings: Findings
    source: str
    prefix: str = ""
    rows_are_apart: bool = False
    """Whether each row is one whole entry, so that the good ones can go without the wrong."""


def open_file(path: Path, form: str = "", mapping: Path | None = None) -> Reading:
    """Return the reading of a file or folder; its form follows from its name when not told.

    Raises Wrong when there is no such file or the form fits nothing.
    """
    if not _exists(path):
        raise Wrong(
            _("Het bestand %(name)s is er niet. Kijk of de naam klopt.") % {"name": path.name}
        )
    form = form or _guess(path, mapping)
    if form not in READERS:
        raise Wrong(
            _("Zeg met --form wat voor bestand dit is: %(forms)s.") % {"forms": ", ".join(FORMS)}
        )
    return READERS[form](path, mapping)


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _guess(path: Path, mapping: Path | None) -> str:
    if mapping:
        return "mapping"
    if path.is_dir() or path.suffix.casefold() == ".zip":
        return "tabular"
    names = {".json": "hsds", ".ndjson": "hsds", ".jsonl": "hsds"}
    return names.get(path.suffix.casefold(), "table")


def _table(path: Path, mapping: Path | None) -> Reading:
    if path.is_dir():
        raise Wrong(_("Dit is een map. Noem één bestand."))
    findings = Findings()
    return Reading(table.read(path, findings), findings, "table", rows_are_apart=True)


def _hsds(path: Path, mapping: Path | None) -> Reading:
    if path.is_dir():
        raise Wrong(_("Dit is een map. Noem één bestand, of gebruik --form tabular."))
    findings = Findings(forgiving=hsds_json.FORGIVING)
    return Reading(hsds_json.read(path, findings), findings, "hsds")


def _tabular(path: Path, mapping: Path | None) -> Reading:
    findings = Findings(forgiving=hsds_json.FORGIVING)
    return Reading(tabular.read(path, findings), findings, "tabular")


def _mapping(path: Path, mapping: Path | None) -> Reading:
    if mapping is None:
        raise Wrong(_("Noem met --mapping het bestand dat zegt welke kolom wat is."))
    loaded = mappings.load(mapping)
    findings = Findings(forgiving=hsds_json.FORGIVING)
    rows = mappings.read(path, loaded, findings)
    return Reading(rows, findings, loaded["name"], prefix=f"{loaded['name']}:")


READERS: dict[str, Callable[[Path, Path | None], Reading]] = {
    "table": _table,
    "hsds": _hsds,
    "tabular": _tabular,
    "mapping": _mapping,
}
