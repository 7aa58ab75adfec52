"""Either log as a file for the privacy officer, line by line.

The processing log has the attribute names of Logboek Dataverwerkingen (its edition of 2024;
later drafts say `span_id` where this says `operation_id`). `number`, `previous` and `hash`
come along, so that the chain can be checked outside Omzien.
"""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import IO, Any

from django.conf import settings

from omzien.areas.models import Municipality
from omzien.journal.isolation import working_for
from omzien.kernel.cells import Rows
from omzien.people.logs.models import AccessLine, ProcessingLine
from omzien.people.logs.reading import Origin, Reader, reading
from omzien.people.rules.looking import Action, Channel

CHUNK = 2000
SUBJECT_TYPE = "omzien-person-keyed"  # dpl.core.data_subject_id_type
STATUS = {0: "STATUS_CODE_UNKNOWN", 1: "STATUS_CODE_OK", 2: "STATUS_CODE_ERROR"}
ACCESS_FIELDS = [
    "number", "at", "action", "object_kind", "object_id", "result", "channel", "address_hash",
    "actor", "role", "organisation", "purpose", "on_behalf_of", "about", "operation_id",
    "previous", "hash",
]  # fmt: skip
CHAIN = ("number", "previous", "hash")


def export(actor: Reader, municipality: Municipality, log: str, form: str, stream: IO[str]) -> int:
    """Write a log ("access" or "processing") as "ndjson" or "csv"; return how many lines.

    Reading the log is logged, before its first line is read. Raises LogUnavailable.
    """
    with (
        working_for(municipality.code),
        reading(
            actor, action=Action.EXPORT, object=(f"{log}-log", ""), purpose="oversight",
            origin=Origin(Channel.EXPORT),
        ),
    ):  # fmt: skip
        return WRITERS[form](ROWS[log](municipality), stream)


def access_rows(municipality: Municipality) -> Iterator[dict[str, Any]]:
    """Yield the access lines of the municipality that this transaction works for, in order."""
    lines = AccessLine.objects.filter(municipality=municipality.code).order_by("number")
    for line in lines.iterator(chunk_size=CHUNK):
        row = {name: getattr(line, name) for name in ACCESS_FIELDS}
        yield row | {"at": _moment(line.at)}


def processing_rows(municipality: Municipality) -> Iterator[dict[str, Any]]:
    """Yield the processing lines, in the shape of the standard."""
    lines = ProcessingLine.objects.filter(municipality=municipality.code).order_by("number")
    for line in lines.iterator(chunk_size=CHUNK):
        yield _record(line, municipality)


def _record(line: ProcessingLine, municipality: Municipality) -> dict[str, Any]:
    name, _, version = line.resource.partition("@")
    record: dict[str, Any] = {
        "trace_id": line.trace_id,
        "operation_id": line.operation_id,
        "status_code": STATUS[line.status_code],
        "name": line.name,
        "start_time": _moment(line.start_time),
        "end_time": _moment(line.end_time),
        "parent_operation_id": line.parent_operation_id,
        "foreign_operation": line.foreign_trace_id
        and {
            "trace_id": line.foreign_trace_id,
            "operation_id": line.foreign_operation_id,
            "entity": line.foreign_entity,
        },
        "resource": {"attributes": {"service.name": name, "service.version": version}},
        "attributes": {
            "dpl.core.processing_activity_id": activity_uri(line.processing_activity, municipality)
        },
        "chain": {name: getattr(line, name) for name in CHAIN},
    }
    if line.data_subject_id:
        record["attributes"] |= {
            "dpl.core.data_subject_id": line.data_subject_id,
            "dpl.core.data_subject_id_type": SUBJECT_TYPE,
        }
    return {key: value for key, value in record.items() if value is not None}


def activity_uri(code: str, municipality: Municipality) -> str:
    """Return where a processing activity stands in the register."""
    return settings.REGISTER.replace("{host}", municipality.host or "localhost").replace(
        "{activity}", code
    )


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _ndjson(rows: Iterator[dict[str, Any]], stream: IO[str]) -> int:
    count = 0
    for count, row in enumerate(rows, start=1):  # noqa: B007
        stream.write(json.dumps(row, default=str, ensure_ascii=False) + "\n")
    return count


def _csv(rows: Iterator[dict[str, Any]], stream: IO[str]) -> int:
    """Write a table; what is nested gets a name with dots."""
    columns: list[str] = []
    table = Rows(stream)
    count = 0
    for count, row in enumerate(rows, start=1):  # noqa: B007
        flat = dict(_flat(row))
        if not columns:
            columns = ACCESS_FIELDS if "actor" in row else PROCESSING_COLUMNS
            table.row(columns)
        table.row(flat.get(name, "") for name in columns)
    return count


def _flat(row: dict[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in row.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{key}.")
        else:
            yield before + key, "" if value is None else value


PROCESSING_COLUMNS = [
    "chain.number", "trace_id", "operation_id", "parent_operation_id",
    "foreign_operation.trace_id", "foreign_operation.operation_id", "foreign_operation.entity",
    "status_code", "name", "start_time", "end_time", "resource.attributes.service.name",
    "resource.attributes.service.version", "attributes.dpl.core.processing_activity_id",
    "attributes.dpl.core.data_subject_id", "attributes.dpl.core.data_subject_id_type",
    "chain.previous", "chain.hash",
]  # fmt: skip
ROWS: dict[str, Callable[[Municipality], Iterator[dict[str, Any]]]] = {
    "access": access_rows,
    "processing": processing_rows,
}
WRITERS = {"ndjson": _ndjson, "csv": _csv}
