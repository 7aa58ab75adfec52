"""Our own template as CSV and XLSX: empty with one example, or filled with entries."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from omzien.directory.importing.columns import COLUMNS
from omzien.directory.importing.rows import Slot, Wrong
from omzien.directory.importing.table import SHEET
from omzien.directory.importing.times import write_times
from omzien.directory.importing.values import in_one_cell, postcode
from omzien.directory.importing.words import KINDS, REACHES, RUNG_LABELS, STATUSES
from omzien.directory.models import Place, Service
from omzien.kernel.cells import Rows, escaped
from omzien.kernel.ladder import Rung

HEADER = [column.name for column in COLUMNS]
_KINDS, _STATUSES, _REACHES = (
    {code: word for word, code in words.items()} for words in (KINDS, STATUSES, REACHES)
)
_KEPT_BY = {"provider": "aanbieder", "editors": "redactie"}
_YES = {True: "ja", False: "nee", None: ""}
MOST_CELL = 32_767  # characters that Excel holds in a cell


def write_template(path: Path) -> None:
    """Write the template with one example row, in the form of the path's ending."""
    write_sheet(path, [[column.example for column in COLUMNS]])


def write_entries(path: Path, services: Iterable[Service]) -> int:
    """Write entries (fetched by `with_hsds`) as a filled template; return their number."""
    counted = 0

    def rows() -> Iterator[list[str]]:
        nonlocal counted
        for service in services:
            counted += 1
            yield entry_row(service)

    write_sheet(path, rows())
    return counted


def write_sheet(path: Path, rows: Iterable[list[str]]) -> None:
    """Write rows under the template's header; cells that look like formulas are escaped."""
    if path.suffix.casefold() == ".xlsx":
        _write_xlsx(path, rows)
        return
    # With a byte order mark, because Excel takes a CSV without one for Windows-1252.
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = Rows(stream)
        writer.row(HEADER)
        writer.rows(rows)


def _write_xlsx(path: Path, rows: Iterable[list[str]]) -> None:
    # Loaded at first use: most processes never write a spreadsheet.
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(SHEET)
    sheet.append(HEADER)
    for row in rows:
        cells = []
        for text in row:
            cell = WriteOnlyCell(sheet, value=escaped(text)[:MOST_CELL])
            cell.data_type = "s"  # always text, also where it begins with =
            cells.append(cell)
        sheet.append(cells)
    workbook.save(path)


def entry_row(service: Service) -> list[str]:
    """Return an entry as a row of the template. A hidden place stays out."""
    places = [link.place for link in service.serviceplace_set.all()]
    shown = [place for place in places if not place.is_hidden]
    provider = service.provider
    suggested = service.extra.get("suggested", ())
    values: dict[str, object] = {
        "external_id": service.external_id or service.pk,
        "title": service.title,
        "description": service.description,
        "provider": provider.name,
        "kind": _KINDS.get(provider.kind, ""),
        "topics": "" if "topics" in suggested else "; ".join(service.topics),
        "rung": "" if "rung" in suggested else RUNG_LABELS[Rung(service.rung)],
        "phone": " | ".join(f"{p.number} ({p.note.replace('|', '/')})" if p.note else p.number
                            for p in service.phones.all()),
        "times": write_times(
            Slot(s.recurrence, s.note, s.is_activity) for s in service.schedules.all()
        ),
        "audience": in_one_cell(service.audience),
        "languages": in_one_cell(service.languages),
        "keywords": in_one_cell(service.keywords),
        "needs_referral": _YES[service.needs_referral],
        "without_appointment": _YES[service.without_appointment],
        "is_meeting_place": _YES[service.is_meeting_place],
        "wheelchair": _wheelchair(service, shown),
        "reach": _REACHES.get(service.reach, ""),
        "status": _STATUSES.get(service.status, ""),
        "village": service.village.name if service.village else "",
        "provider_description": provider.description,
        "provider_email": provider.email,
        "provider_website": provider.website,
        "provider_phone": provider.phone,
        "is_hidden": "nee" if shown else "ja" if places else "",
        "place_name": _divided(place.name for place in shown),
        "street": _divided(place.street for place in shown),
        "postcode": _divided(place.postcode for place in shown),
        "town": _divided(place.town for place in shown),
        "country": _divided("" if _is_dutch(place.postcode) else "buitenland" for place in shown),
        "lat": _divided(place.lat for place in shown),
        "lon": _divided(place.lon for place in shown),
        "kept_by": _KEPT_BY[service.kept_by],
        "owner_email": "",  # private: who keeps the entry true is nobody else's business
    }  # fmt: skip
    return [_text(values.get(c.key, getattr(service, c.key, ""))) for c in COLUMNS]


def _divided(values: Iterable[object]) -> str:
    """Return what a column says of each place, as an import reads it."""
    texts = [_text(value).replace("|", "/") for value in values]
    return " | ".join(texts) if any(texts) else ""


def _wheelchair(service: Service, shown: Sequence[Place]) -> str:
    if len({place.wheelchair for place in shown}) < 2:
        return _YES[service.wheelchair]
    return _divided(_YES[place.wheelchair] for place in shown)


def _is_dutch(code: str) -> bool:
    try:
        return postcode(code) == code
    except Wrong:
        return False


def _text(value: object) -> str:
    return "" if value is None else str(value)
