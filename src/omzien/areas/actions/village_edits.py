"""Changing villages. Each buurt belongs to one village at most, also while two people change
villages at the same moment: both lock the municipality first.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import F

from omzien.areas.actions.choices import add_versions, forget_at_commit, locked
from omzien.areas.actions.villages import centre, newest_buurten
from omzien.areas.models import Municipality, Village
from omzien.areas.rules import name_key
from omzien.journal.actions import record


class VillageRefused(Exception):
    """A village that cannot become so; `about` names the village or buurt that is in the way."""

    def __init__(self, about: str = "") -> None:
        super().__init__(about)
        self.about = about


class NoName(VillageRefused):
    """A village has a name, and one that is not only signs."""


class NameTaken(VillageRefused):
    """Another village of the municipality goes by this name."""


class UnknownBuurt(VillageRefused):
    """This buurt is not one of this municipality in the newest edition."""


class TwoHomes(VillageRefused):
    """Two villages ask for the same buurt at once."""


class NothingLeft(VillageRefused):
    """A village would keep no buurt, and so have no place on the map and no figures."""


class SameVillage(VillageRefused):
    """A village cannot leave its buurten to itself."""


class UnknownVillage(VillageRefused):
    """The municipality has no village with this web address."""


def change_village(
    *,
    municipality: str,
    slug: str,
    name: str,
    also_called: Sequence[str],
    buurt_codes: Iterable[str],
    by: str,
    role: str,
    how: str = "page",
) -> list[str]:
    """Set the name, the old names and the buurten of a village; return which of these changed.

    A buurt that belonged to another village moves over. Works in the caller's transaction.
    Raises VillageRefused.
    """
    town = locked(municipality)
    villages = {one.slug: one for one in Village.objects.filter(municipality=town)}
    if slug not in villages:
        raise UnknownVillage(slug)
    wanted: dict[str, object] = {
        "name": name,
        "also_called": list(dict.fromkeys(also_called)),
        "buurt_codes": sorted(set(buurt_codes)),
    }
    return set_villages(town, villages, {slug: wanted}, by=by, role=role, how=how)


def remove_village(*, municipality: str, slug: str, into: str, by: str, role: str) -> None:
    """Take a village away; its buurten go to another one, so that no address falls out.

    Who calls has seen that nothing of it is in use. Works in the caller's transaction.
    Raises UnknownVillage, SameVillage.
    """
    town = locked(municipality)
    villages = {one.slug: one for one in Village.objects.filter(municipality=town)}
    for name in (slug, into):
        if name not in villages:
            raise UnknownVillage(name)
    if slug == into:
        raise SameVillage(slug)
    gone, heir = villages[slug], villages[into]
    heir.buurt_codes = sorted({*heir.buurt_codes, *gone.buurt_codes})
    buurten = newest_buurten(town.pk)
    heir.lat, heir.lon = centre([buurten[code] for code in heir.buurt_codes if code in buurten])
    heir.save()
    gone.delete()
    Municipality.objects.filter(pk=town.pk).update(
        settings_version=F("settings_version") + 1, keeps_villages=True
    )
    forget_at_commit()
    record(
        verb="remove", subject="village", subject_id=slug[:40], by=by, municipality=town.pk,
        area=into[:40], role=role,
    )  # fmt: skip


def set_villages(
    town: Municipality,
    villages: dict[str, Village],
    wanted: dict[str, dict[str, object]],
    *,
    by: str,
    role: str,
    how: str,
) -> list[str]:
    """Give villages (by slug) new values at once, on a locked municipality; return what changed.

    What is named last takes a buurt from who has it now. Raises VillageRefused, after which
    the caller must undo its transaction.
    """
    before = {slug: _values(one) for slug, one in villages.items()}
    for slug, values in wanted.items():
        if slug not in villages:
            raise UnknownVillage(slug)
        for field, value in values.items():
            setattr(villages[slug], field, value)
    _move_over(villages, wanted)
    buurten = newest_buurten(town.pk)
    _check(villages, set(buurten), before)
    changed = [slug for slug, one in villages.items() if _values(one) != before[slug]]
    version = town.settings_version + 1
    for slug in changed:
        one = villages[slug]
        fields = [f for f, value in _values(one).items() if value != before[slug][f]]
        if "buurt_codes" in fields:
            one.lat, one.lon = centre([buurten[c] for c in one.buurt_codes if c in buurten])
        one.save()
        now = _values(one)
        steps: dict[str, tuple[Any, Any]] = {
            f"village.{slug[:40]}.{f}": (before[slug][f], now[f]) for f in fields
        }
        add_versions(town.pk, version, steps)
        record(
            verb="change",
            subject="village",
            subject_id=slug[:40],
            by=by,
            municipality=town.pk,
            area=slug[:40],
            codes=fields,
            role=role,
            how=how,
            version=version,
        )
    if changed:
        Municipality.objects.filter(pk=town.pk).update(
            settings_version=F("settings_version") + 1, keeps_villages=True
        )
        forget_at_commit()
    return changed


def _values(village: Village) -> dict[str, object]:
    return {
        "name": village.name,
        "also_called": list(village.also_called),
        "buurt_codes": sorted(village.buurt_codes),
    }


def _move_over(villages: dict[str, Village], wanted: dict[str, dict[str, object]]) -> None:
    taken = {code for slug in wanted for code in villages[slug].buurt_codes}
    for slug, village in villages.items():
        if slug not in wanted:
            village.buurt_codes = [code for code in village.buurt_codes if code not in taken]


def _check(
    villages: dict[str, Village], known: set[str], before: dict[str, dict[str, object]]
) -> None:
    names: dict[str, str] = {}
    home: dict[str, str] = {}
    for slug, village in villages.items():
        if not name_key(village.name):
            raise NoName(slug)
        for name in {name_key(word) for word in (village.name, *village.also_called)}:
            if names.setdefault(name, slug) != slug:
                raise NameTaken(village.name)
        for code in village.buurt_codes:
            was = before[slug]["buurt_codes"]
            if code not in known and code not in was:  # type: ignore[operator]
                raise UnknownBuurt(code)
            if home.setdefault(code, slug) != slug:
                raise TwoHomes(code)
        if not village.buurt_codes and before[slug]["buurt_codes"]:
            raise NothingLeft(village.name)
