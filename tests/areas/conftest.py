"""Small files as people bring them, and the shared data where it is present."""

import io
import json
import os
from pathlib import Path

import pytest

SHARED = Path(os.environ.get("OMZIEN_SHARED", Path(__file__).parents[3] / "shared"))


@pytest.fixture(scope="session")
def shared_areas():
    folder = SHARED / "data" / "areas"
    if not folder.exists():
        pytest.skip(f"OVERGESLAGEN: geen gedeelde data in {folder} (zet OMZIEN_SHARED)")
    return folder


def square(lon=5.43, lat=51.62, size=0.01):
    ring = [[lon, lat], [lon + size, lat], [lon + size, lat + size], [lon, lat + size], [lon, lat]]
    return {"type": "Polygon", "coordinates": [ring]}


def buurt(code="BU19480225", name="Schijndel Centrum 1", geometry=None, **more):
    words = {
        "buurtcode": code,
        "buurtnaam": name,
        "gemeentecode": "GM" + code[2:6],
        "gemeentenaam": "Meierijstad",
    } | more
    return {"type": "Feature", "properties": words, "geometry": geometry or square()}


def collection(*features):
    return io.BytesIO(json.dumps({"type": "FeatureCollection", "features": features}).encode())


def csv_file(*lines, encoding="utf-8"):
    return io.BytesIO("\n".join(lines).encode(encoding))


def sentences(report):
    return [fault.sentence for fault in report.faults]
