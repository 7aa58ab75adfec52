"""Our own template, filled in by a person: CSV or XLSX with Dutch column names."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from defusedxml.common import DefusedXmlException
from django.utils.translation import gettext as _

from omzien.areas.actions.reading import read_table
from omzien.areas.actions.reports import ImportRefused, Tally
from omzien.directory.importing import values, words
from omzien.directory.importing.checks import FACTS
from omzien.directory.importing.columns import NAMES, REQUIRED
from omzien.directory.importing.packed import is_zip, unpacked
from omzien.directory.importing.rows import (
    Findings,
    Incoming,
    IncomingPlace,
    IncomingProvider,
    Slot,
    Wrong,
)
from omzien.directory.importing.times import read_times
from omzien.kernel.cells import unescaped
from omzien.kernel.text import fold

MOST_ROWS = 250_000
MOST_COLUMNS = 200
WHERE = ("place_name", "street", "postcode", "town")  # any of these makes a place
FOR_ALL = ("town", "country", "is_hidden", "village", "wheelchair")
SHEET = "aanbod"
_FREE = "gratis"  # Dutch, as all that an entry says
MOST_EMPTY = 1000  # rows; a sheet may claim a million of them

Line = tuple[int, dict[str, str]]


def read(path: Path, findings: Findings) -> Iterator[Incoming]:
    """Yield the entries of a filled-in template."""
    for row, cells in lines(path, findings, known=NAMES, required=REQUIRED):
        if row in findings.rows:
            continue  # what is wrong with it has been told
        found = _incoming(row, cells, findings)
        if found is not None:
            yield found


def lines(
    path: Path,
    findings: Findings,
    *,
    known: Collection[str] = (),
    required: Sequence[str] = (),
) -> Iterator[Line]:
    """Yield (row number, cell by column name) of a CSV or XLSX file.

    With `known`, other columns are noted and left out, and `required` ones must be there.
    """
    where = ""  # which sheet it is, where that must be said
    try:
        if is_zip(path):
            header, rows, where = _sheet(path, findings)
        else:
            header, rows = _csv(path, findings)
        names = [fold(str(cell)) for cell in header] if known else [str(cell) for cell in header]
        if not header:
            return
        if known:
            _check_header(names, set(known), required, findings)
    except Wrong as wrong:
        findings.fault(None, where, wrong.sentence)
        return
    except OSError:
        findings.fault(None, "", _("Het bestand kan niet worden gelezen. Mag je erbij?"))
        return
    for row, cells in rows:
        for name, cell in zip(names, cells, strict=False):
            if name in known and cell.startswith("="):  # as in a spreadsheet
                findings.fault(row, name, _formula())
        yield row, {name: unescaped(cell) for name, cell in zip(names, cells, strict=False) if name}


def _check_header(
    names: list[str], known: set[str], required: Sequence[str], findings: Findings
) -> None:
    for name in required:
        if name not in names:
            near = words.nearest(name, [n for n in names if n not in known])
            hint = _(' Heet "%(near)s" misschien zo?') % {"near": near[:40]} if near else ""
            raise Wrong(
                _(
                    'De kolom "%(name)s" ontbreekt.%(hint)s De eerste regel moet de namen van de '
                    "kolommen hebben, zoals in het voorbeeldbestand."
                )
                % {"name": name, "hint": hint}
            )
    for at, name in enumerate(names):
        if name and name in names[:at]:
            raise Wrong(_('De kolom "%(name)s" staat er twee keer.') % {"name": name[:40]})
        if name and name not in known:
            near = words.nearest(name, sorted(known))
            findings.note(
                1,
                name[:40],
                _("Deze kolom ken ik niet en sla ik over.%(near)s")
                % {"near": _(' Bedoel je "%(near)s"?') % {"near": near} if near else ""},
            )


def _csv(path: Path, findings: Findings) -> tuple[list[str], list[tuple[int, list[str]]]]:
    tally = Tally("directory", None, dry_run=True)
    try:
        table = read_table(path, tally)
    except ImportRefused as refused:
        for fault in refused.report.faults:
            findings.fault(fault.row, fault.field, fault.sentence)
        return [], []
    for fault in tally.faults:
        findings.fault(
            fault.row,
            fault.field,
            _("Deze regel heeft meer of minder velden dan de eerste regel. Kijk of er een %(sign)s "
              "of een aanhalingsteken te veel staat.") % {"sign": "; of ,"},
        )  # fmt: skip
    if table.rows and not _ends_in_a_new_line(path):
        findings.note(
            table.rows[-1][0],
            "",
            _("Het bestand eindigt zonder nieuwe regel. Kijk of de laatste regel heel is."),
        )
    if len(table.rows) > MOST_ROWS:
        raise Wrong(
            _("Meer dan %(most)d regels. Knip het bestand in stukken.") % {"most": MOST_ROWS}
        )
    return table.header, table.rows


def _ends_in_a_new_line(path: Path) -> bool:
    return path.read_bytes()[-4:].rstrip(b"\x00").endswith((b"\n", b"\r"))


def _sheet(path: Path, findings: Findings) -> tuple[list[str], list[tuple[int, list[str]]], str]:
    """Return the header and rows of the sheet that is called as ours, or of the first one, and
    which sheet that is where there are more.
    """
    with unpacked(path) as archive:
        if not any(name.startswith("xl/") for name in archive.namelist()):
            raise Wrong(_("Dit is een zipbestand en geen spreadsheet (xlsx)."))
    # Loaded at first use: most processes never read a spreadsheet.
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with path.open("rb") as stream:  # closed also where it turns out to be broken
            workbook = load_workbook(stream, read_only=True, data_only=False, keep_links=False)
            sheets = workbook.worksheets
            sheet = next((one for one in sheets if fold(one.title) == SHEET), sheets[0])
            where = _('blad "%(name)s"') % {"name": sheet.title[:40]}
            if len(sheets) > 1:
                findings.note(None, where, _("Er zijn meer bladen. Alleen dit blad is gelezen."))
            return *_cells(sheet, where, findings), where if len(sheets) > 1 else ""
    except DefusedXmlException as error:
        raise Wrong(_("In dit bestand zit XML die kwaad kan. Het is niet gelezen.")) from error
    except (
        InvalidFileException, SyntaxError, KeyError, ValueError, TypeError, AttributeError,
        IndexError, OSError, OverflowError,
    ) as error:  # fmt: skip
        raise Wrong(
            _("Deze spreadsheet is beschadigd. Bewaar hem opnieuw als xlsx of als CSV.")
        ) from error


def _cells(
    sheet: Any, where: str, findings: Findings
) -> tuple[list[str], list[tuple[int, list[str]]]]:
    sheet.reset_dimensions()
    header: list[str] = []
    found: list[tuple[int, list[str]]] = []
    empty = 0
    for number, cells in enumerate(
        sheet.iter_rows(max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS), start=1
    ):
        texts = [_cell(cell, number, header, findings) for cell in cells]
        if not any(texts):
            empty += 1
            if empty > MOST_EMPTY:
                break
            continue
        empty = 0
        if not header:
            header = [text.strip() for text in texts]
        else:
            found.append((number, texts))
    if not header:
        raise Wrong(_("Het %(sheet)s is leeg.") % {"sheet": where})
    return header, found


def _cell(cell: Any, row: int, header: list[str], findings: Findings) -> str:
    value = cell.value
    if value is None:
        return ""
    column = header[cell.column - 1] if header and cell.column <= len(header) else ""
    column = column or _("kolom %(letter)s") % {"letter": cell.column_letter}
    if cell.data_type == "f":
        findings.fault(row, column, _formula())
        return ""
    if cell.data_type == "e":
        findings.fault(row, column, _("Hier staat een rekenfout (%(error)s).") % {"error": value})
        return ""
    if cell.data_type == "d":
        return _moment(value)
    return values.plain(value)


def _formula() -> str:
    return _(
        "Hier staat een formule. Die voer ik niet uit. Zet er de uitkomst in (kopiëren en "
        "plakken als waarde)."
    )


def _moment(value: Any) -> str:
    if hasattr(value, "date"):
        return str(value.date().isoformat())
    return str(value)[:10]


def _incoming(row: int, cells: dict[str, str], findings: Findings) -> Incoming | None:
    by_key = {NAMES[name].key: value for name, value in cells.items() if name in NAMES}
    if not any(value.strip() for value in by_key.values()):
        return None
    if _more(cells, row, findings):
        return None
    if _is_divided(by_key.get("village", "")) and not by_key.get("town", "").strip():
        by_key["town"] = by_key["village"]

    def text(key: str) -> str:
        return by_key.get(key, "")

    if "cost" in by_key:
        by_key["cost"] = _amount(by_key["cost"])
    places = _places(by_key, row, findings) if set(WHERE) & set(by_key) else None
    if _is_divided(text("wheelchair")):
        by_key["wheelchair"] = _of_all(by_key["wheelchair"], places or ())
    return Incoming(
        row=row,
        external_id=text("external_id").strip(),
        title=text("title"),
        description=text("description"),
        provider=IncomingProvider(
            name=text("provider"),
            kind=text("kind").strip(),
            description=text("provider_description"),
            email=text("provider_email"),
            website=text("provider_website"),
            phone=_whole_number(text("provider_phone").strip(), row, findings),
        ),
        topics=tuple(re.split(r"[;|]", by_key["topics"])) if "topics" in by_key else None,
        rung=text("rung"),
        facts={
            name: by_key[name] for name in (*FACTS, "village") if name in by_key
        },
        phones=_phones(by_key["phone"], row, findings) if "phone" in by_key else None,
        schedules=_times(by_key["times"], row, findings) if "times" in by_key else None,
        places=places,
        slug=text("slug").strip(),
    )  # fmt: skip


def _more(cells: dict[str, str], row: int, findings: Findings) -> bool:
    """Text in a cell that is far too long for any field is refused before it is looked at."""
    for name, cell in cells.items():
        if len(cell) > 100_000:
            findings.fault(
                row, name, _("Deze tekst is %(found)d tekens: veel te lang.") % {"found": len(cell)}
            )
            return True
    return False


# A number of at least three digits, then a note in brackets; "(0)" belongs to a number.
_PHONE = re.compile(
    r"((?:[^a-z]*\d){3}[^a-z]*?(?:\s*tst\.?\s*\d+)?)\s*\((?!0\))(.*[^\d\s()./+,-].*)\)",
    re.I | re.DOTALL,
)


def _phones(text: str, row: int, findings: Findings) -> tuple[tuple[str, str], ...]:
    found = []
    for part in re.split(r"[|;\n](?![^(]*\))", text):
        noted = _PHONE.fullmatch(part.strip()[:500])
        number, note = noted.groups() if noted else (part, "")
        if number.strip():
            found.append((_whole_number(number.strip(), row, findings), note.strip()))
    return tuple(found)


def _whole_number(number: str, row: int, findings: Findings) -> str:
    """Return a number with the 0 that a spreadsheet took off, and say so."""
    if not re.fullmatch(r"[1-9]\d{8}|[89]00\d{4}", number):
        return number
    whole = f"0{number}"
    findings.note(
        row, _("telefoon"),
        _("Voor %(number)s zetten we een 0, want Excel haalt die weg: %(whole)s.")
        % {"number": number, "whole": whole},
    )  # fmt: skip
    return whole


def _amount(cost: str) -> str:
    """Return a bare number as money: as a spreadsheet keeps what it shows with a euro sign."""
    if not re.fullmatch(r"\d{1,4}(?:[.,]\d{1,2})?", cost.strip()):
        return cost
    euros = float(cost.replace(",", "."))
    if not euros:
        return _FREE
    return f"€ {euros:.0f}" if euros == int(euros) else f"€ {euros:.2f}".replace(".", ",")


def _times(text: str, row: int, findings: Findings) -> tuple[Slot, ...]:
    try:
        return read_times(text)
    except Wrong as wrong:
        for sentence in (wrong.sentence, *wrong.more):
            findings.wrong(row, _("tijden"), sentence, key="times")
        return ()


def _places(
    by_key: dict[str, str], row: int, findings: Findings
) -> tuple[IncomingPlace, ...] | None:
    if not any(by_key.get(key, "").strip() for key in WHERE):
        return None  # an export leaves a hidden place out: empty cells take nothing away
    has_villages = _is_divided(by_key.get("village", ""))
    try:
        found = _apart(by_key)
    except Wrong as wrong:
        findings.fault(row, _("plekken"), wrong.sentence)
        return ()
    try:
        return tuple(
            IncomingPlace(
                name=one["place_name"],
                street=one["street"],
                postcode=one["postcode"],
                town=one["town"],
                lat=one["lat"] or None,
                lon=one["lon"] or None,
                wheelchair=_maybe(one["wheelchair"]),
                is_hidden=values.flag(one["is_hidden"]),
                country=one["country"] or "NL",
                village=one["village"] if has_villages else None,
            )
            for one in found
        )
    except Wrong as wrong:
        findings.fault(row, _("geheim adres"), wrong.sentence)
        return ()


def _apart(by_key: dict[str, str]) -> list[dict[str, str]]:
    """Return the cells of each place of a row; raise Wrong where columns do not agree on how many.

    Places are divided by | in each column, and the last pieces may be empty. A cell that is
    empty says nothing of any of them, and of FOR_ALL one value holds for all.
    """
    parts = {
        key: [part.strip() for part in by_key.get(key, "").split("|")]
        for key in (*WHERE, "lat", "lon", *FOR_ALL)
    }
    said = {key: max((at for at, p in enumerate(c, 1) if p), default=1) for key, c in parts.items()}
    most = max(said, key=lambda key: said[key])
    many = said[most]
    for key, cell in parts.items():
        if len(cell) == 1 and (key in FOR_ALL or not cell[0]):
            parts[key] = cell * many
        elif len(cell) < many:
            labels = {column.key: column.name for column in NAMES.values()}
            raise Wrong(
                _(
                    'In de kolom "%(first)s" staan %(many)d plekken, in "%(second)s" %(few)d. Zet '
                    "in elke kolom evenveel plekken, met | ertussen. Weet je iets niet? Laat dat "
                    "stuk dan leeg."
                )
                % {"first": labels[most], "many": many, "second": labels[key], "few": len(cell)}
            )
    found = [{key: cell[at] for key, cell in parts.items()} for at in range(many)]
    return [one for one in found if any(one[key] for key in WHERE)]


def _is_divided(cell: str) -> bool:
    return "|" in cell


def _maybe(text: str) -> bool | None:
    with suppress(Wrong):  # the cell is a fact of the entry too, and is told there
        return values.maybe(text)
    return None


def _of_all(cell: str, places: Iterable[IncomingPlace]) -> str:
    """Return what a divided cell says of all places, or the piece of it that cannot be read."""
    for part in cell.split("|"):
        try:
            values.maybe(part)
        except Wrong:
            return part
    said = {place.wheelchair for place in places}
    return values.plain(said.pop()) if len(said) == 1 else ""
