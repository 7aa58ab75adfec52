"""Importing the whole country beside `json.load` + `bulk_create` of the same rows.

The peer reads the file into memory and writes what it finds: no check of geometry,
coordinates or codes, no report, no second run. Both run as the app role, inside a
transaction that is rolled back, so that the database stays as it was.
"""

import csv
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

SHARED = Path(os.environ.get("OMZIEN_SHARED", Path(__file__).parents[2] / "shared"))
AREAS = SHARED / "data" / "areas"
YEAR = 1999  # an edition that nobody has


def run() -> None:
    """Print ours beside the peer's for outlines, a second run, and figures."""
    if not AREAS.exists():
        print(f"OVERGESLAGEN: {AREAS} is er niet, dus geen gebieden (zie OMZIEN_SHARED).")
        return
    outlines, figures = AREAS / "buurten_2024_wgs84.geojson", AREAS / "buurten_kwb2024.csv"
    ours_outlines, again = _undone(lambda: _ours_outlines(outlines))
    peer_outlines = _undone(lambda: _peer_outlines(outlines))
    ours_figures = _undone(lambda: _ours_figures(figures))
    peer_figures = _undone(lambda: _peer_figures(figures))
    _show("import 14,566 outlines of the country", ours_outlines, peer_outlines)
    _show("the same again: all unchanged", again, peer_outlines)
    _show("import key figures of 14,574 buurten", ours_figures, peer_figures)


def _show(label: str, ours: float, peer: float) -> None:
    rate = f"{peer / ours:.0%} of the peer's rate"
    print(f"{label:44} {ours:6.1f} s  peer {peer:6.1f} s  {rate}")


def _undone(work: Callable[[], Any]) -> Any:
    from django.db import transaction

    with transaction.atomic():
        result = work()
        transaction.set_rollback(True)
    return result


def _ours_outlines(path: Path) -> tuple[float, float]:
    from omzien.areas.actions import import_outlines

    first = _timed(lambda: import_outlines(source=path, year=YEAR, by="system"))
    return first, _timed(lambda: import_outlines(source=path, year=YEAR, by="system"))


def _ours_figures(path: Path) -> float:
    from omzien.areas.actions import import_figures

    return _timed(lambda: import_figures(source=path, year=YEAR, by="system"))


def _peer_outlines(path: Path) -> float:
    from omzien.areas.models import Buurt

    def work() -> None:
        with path.open(encoding="utf-8") as stream:
            features = json.load(stream)["features"]
        _municipalities(f["properties"] for f in features)
        Buurt.objects.bulk_create(
            [
                Buurt(
                    code=f["properties"]["buurtcode"],
                    year=YEAR,
                    name=f["properties"]["buurtnaam"],
                    wijk_code=f["properties"]["wijkcode"],
                    municipality_id=f["properties"]["gemeentecode"],
                    outline=f["geometry"],
                )
                for f in features
            ],
            batch_size=500,
        )

    return _timed(work)


def _peer_figures(path: Path) -> float:
    from omzien.areas.models import Buurt

    def work() -> None:
        with path.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        _municipalities(rows)
        Buurt.objects.bulk_create(
            [
                Buurt(
                    code=row["buurtcode"],
                    year=YEAR,
                    name=row["buurtnaam"],
                    wijk_code=row["wijkcode"],
                    municipality_id=row["gemeentecode"],
                    figures=row,
                )
                for row in rows
            ],
            batch_size=500,
        )

    return _timed(work)


def _municipalities(rows: Any) -> None:
    from omzien.areas.models import Municipality

    names = {row["gemeentecode"]: row["gemeentenaam"] for row in rows}
    Municipality.objects.bulk_create(
        [Municipality(code=code, name=name, slug=code.lower()) for code, name in names.items()],
        ignore_conflicts=True,
    )


def _timed(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
