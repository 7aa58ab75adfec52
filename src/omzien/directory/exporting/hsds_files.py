"""Entries as HSDS 3.1: one JSON page with all of them, or NDJSON."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TextIO

from omzien.directory.hsds.write import service_out
from omzien.directory.models import Service


def objects(services: Iterable[Service], *, with_persons: bool = False) -> Iterator[dict[str, Any]]:
    """Yield each service (fetched by `with_hsds`) as a full HSDS object."""
    for service in services:
        yield service_out(service, with_persons=with_persons)


def write_ndjson(path: Path, things: Iterable[dict[str, Any]]) -> int:
    """Write one object per line; return their number."""
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        return write_lines(stream, things)


def write_lines(stream: TextIO, things: Iterable[dict[str, Any]]) -> int:
    """Write one object per line into an open stream; return their number."""
    counted = 0
    for thing in things:
        stream.write(json.dumps(thing, ensure_ascii=False) + "\n")
        counted += 1
    return counted


def write_page(path: Path, things: Iterable[dict[str, Any]], *, total: int) -> int:
    """Write one HSDS page that holds everything; return the number of objects."""
    page = {
        "total_items": total,
        "total_pages": 1,
        "page_number": 1,
        "size": total,
        "first_page": True,
        "last_page": True,
        "empty": total == 0,
    }
    counted = 0
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(json.dumps(page)[:-1] + ', "contents": [')
        for counted, thing in enumerate(things, start=1):
            stream.write(("\n" if counted == 1 else ",\n") + json.dumps(thing, ensure_ascii=False))
        stream.write("\n]}\n")
    return counted
