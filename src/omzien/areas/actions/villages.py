"""Villages (kernen) from the readable file `data/villages.toml`."""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from omzien.areas import rules
from omzien.areas.actions.reports import ImportReport, Tally, importing
from omzien.areas.actions.writing import Municipalities, upsert
from omzien.areas.models import Buurt, Municipality, Village
from omzien.kernel.text import slugify

FILE = Path(__file__).parents[1] / "data" / "villages.toml"


def load_villages(*, by: str, path: Path = FILE, dry_run: bool = False) -> ImportReport:
    """Make or update the villages in `path`; villages it does not name stay.

    Where a functional manager changed the villages on a page, these stay too.

    Refuses the file when a buurt is unknown, stands in two villages, or is left out.
    The buurten of the municipality must have been imported first: a village's centre is
    the mean of its buurten's points, weighted by inhabitants.
    """
    tally = Tally("villages", None, dry_run)
    with importing(tally, by=by):
        content = _read(path, tally)
        known = Municipalities()
        kept = Municipality.objects.filter(keeps_villages=True)
        own = set(kept.values_list("code", flat=True))
        for code, municipality in content.items():
            known.ensure(code, municipality.get("name", ""))
            if code in own:
                tally.unchanged += len(municipality.get("villages", {}))
                tally.skip(
                    None, code, _("Deze gemeente paste haar dorpen zelf aan. Die blijven zo.")
                )
                continue
            rows = list(_villages(code, municipality.get("villages", {}), tally))
            _write(code, rows, tally)
        tally.check_whole(_("In dit bestand staan geen dorpen."))
    return tally.report()


def _read(path: Path, tally: Tally) -> dict[str, Any]:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        tally.refuse(None, path.name, _("Dit bestand is niet te lezen: %(why)s.") % {"why": error})
    for code, municipality in content.items():
        villages = municipality.get("villages") if isinstance(municipality, dict) else None
        if rules.normal_code(code, rules.Level.MUNICIPALITY) != code or not isinstance(
            villages, dict
        ):
            tally.refuse(None, code, _("Hier hoort een gemeente te staan, zoals [GM1948]."))
    return content


def _villages(code: str, villages: Mapping[str, Any], tally: Tally) -> Iterator[Village]:
    buurten = newest_buurten(code)
    left = set(buurten)
    for name, village in villages.items():
        codes = list(village.get("buurten", ()))
        for buurt in codes:
            if buurt not in buurten:
                tally.refuse(None, name, _("Buurt %(code)s bestaat niet.") % {"code": buurt})
            if buurt not in left:
                tally.refuse(
                    None, name, _("Buurt %(code)s staat in twee dorpen.") % {"code": buurt}
                )
            left.discard(buurt)
        lat, lon = centre([buurten[buurt] for buurt in codes])
        yield Village(
            municipality_id=code,
            slug=slugify(name),
            name=name,
            also_called=list(village.get("also_called", ())),
            buurt_codes=codes,
            lat=lat,
            lon=lon,
        )
    if left:
        tally.refuse(
            None,
            code,
            _("Deze buurten staan in geen enkel dorp: %(codes)s.")
            % {"codes": ", ".join(sorted(left)[:10])},
        )


def newest_buurten(code: str) -> dict[str, Buurt]:
    """Return the buurten of a municipality in its newest edition, by code."""
    rows = Buurt.objects.filter(municipality_id=code).order_by("year").defer("outline")
    newest: dict[str, Buurt] = {}
    year = 0
    for buurt in rows:
        # An edition counts whole: a buurt that CBS dropped must not linger.
        if buurt.year != year:
            newest, year = {}, buurt.year
        newest[buurt.code] = buurt
    return newest


def centre(buurten: list[Buurt]) -> tuple[float | None, float | None]:
    """Return the middle of buurten, weighted by inhabitants."""
    placed = [
        (b.lat, b.lon, float(b.figures.get("inhabitants", 0)) or 1.0)
        for b in buurten
        if b.lat is not None and b.lon is not None
    ]
    total = sum(weight for _lat, _lon, weight in placed)
    if not placed:
        return None, None
    lat = sum(y * weight for y, _x, weight in placed) / total
    lon = sum(x * weight for _y, x, weight in placed) / total
    return round(lat, 6), round(lon, 6)


def _write(code: str, rows: list[Village], tally: Tally) -> None:
    upsert(
        Village,
        rows,
        {village.slug: village for village in Village.objects.filter(municipality_id=code)},
        key=("slug", "municipality"),
        fields=["name", "also_called", "buurt_codes", "lat", "lon"],
        tally=tally,
    )
