"""Changing what a municipality chose: all of what was asked or nothing, with one fact."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from omzien.areas.actions.choices import COLUMNS, keep_chosen, locked
from omzien.areas.actions.village_edits import change_village as change_the_village
from omzien.areas.actions.village_edits import remove_village as remove_the_village
from omzien.areas.actions.village_edits import set_villages
from omzien.areas.models import Municipality, SettingVersion, Village
from omzien.choices.checks import wrong_together
from omzien.choices.kinds import Wrong, read, show
from omzien.choices.table import settings, value_of
from omzien.choices.uses import uses_of
from omzien.directory.actions.entries import next_version
from omzien.people.actions.teams import rename_own
from omzien.people.models import Team
from omzien.people.refusals import NameTaken, NotAllowed
from omzien.people.rules.roles import Actor

# What the search index is built with: it is built anew when one of these changes.
IN_THE_INDEX = frozenset(
    {"contacts_days", "all_days", "remind_again_days", "remind_last_days", "leave_days"}
)
Changes = Mapping[str, Any]
"""New values by code; None for what should be as Omzien ships it."""


class Refused(Exception):
    """What was asked cannot be. `wrong` holds (code, sentence); code "" for no setting."""

    def __init__(self, wrong: Sequence[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{code}: {sentence}" for code, sentence in wrong))
        self.wrong = wrong


class VillageInUse(Exception):
    """Something belongs to the village; `what` lists it: (kind, names)."""

    def __init__(self, what: Sequence[tuple[str, list[str]]]) -> None:
        super().__init__(len(what))
        self.what = what


class ChangedMeanwhile(Exception):
    """Somebody changed a setting after this person looked."""


@transaction.atomic
def change_settings(
    *, municipality: Municipality, raw: Mapping[str, str], by: Actor, how: str = "page"
) -> list[str]:
    """Set what the fields of a page say; return the codes of what changed.

    A field that says what Omzien ships takes the choice back. Raises Refused, NotAllowed.
    """
    _may_change(by, municipality)
    town = locked(municipality.pk)
    return _keep(town, checked(town, raw), by, how)


@transaction.atomic
def put_back(
    *, municipality: Municipality, version: int, code: str, by: Actor, seen: int | None = None
) -> list[str]:
    """Set one setting, or one thing of a village, to what it was before a change; return the
    codes of what changed.

    `seen` is the version that was looked at, if any. Raises ChangedMeanwhile when it is another
    now, Refused or VillageRefused where that cannot be any more, NotAllowed,
    SettingVersion.DoesNotExist, and KeyError for what is no setting (any more).
    """
    _may_change(by, municipality)
    town = locked(municipality.pk)
    row = SettingVersion.objects.get(municipality=town.pk, version=version, code=code)
    if seen is not None and seen != town.settings_version:
        raise ChangedMeanwhile
    if code.startswith("village."):
        return _put_back_village(town, row, by)
    setting = settings()[code]
    if row.old is None:
        changes: Changes = {code: None}
        _refuse_together(town, changes)
    else:
        try:
            changes = checked(town, {code: show(setting.kind, row.old)})
        except Wrong as no:
            raise Refused([(code, no.sentence)]) from None
    return _keep(town, changes, by, "back")


def _put_back_village(town: Municipality, row: SettingVersion, by: Actor) -> list[str]:
    _village, slug, field = row.code.split(".")
    villages = {one.slug: one for one in Village.objects.filter(municipality=town)}
    known = next((one for one in villages if one[:40] == slug), slug)
    changed = set_villages(
        town, villages, {known: {field: row.old}}, by=by.key, role=by.role, how="back"
    )
    if changed:
        next_version(town.pk)
    return changed


@transaction.atomic
def change_village(
    *,
    municipality: Municipality,
    slug: str,
    name: str,
    also_called: Sequence[str],
    buurt_codes: Sequence[str],
    by: Actor,
) -> list[str]:
    """Set the name, the old names and the buurten of a village. Raises NotAllowed, VillageRefused.

    The search index is built anew: an entry without an address lies in the middle of its village.
    """
    _may_change(by, municipality)
    changed = change_the_village(
        municipality=municipality.pk,
        slug=slug,
        name=name,
        also_called=also_called,
        buurt_codes=buurt_codes,
        by=by.key,
        role=by.role,
    )
    if changed:
        next_version(municipality.pk)
    return changed


@transaction.atomic
def remove_village(*, municipality: Municipality, slug: str, into: str, by: Actor) -> None:
    """Take a village away to which nothing belongs; its buurten go to another one.

    Questions keep their village, also when they ended: for the figures. So a village in which
    anybody asked stays. Raises VillageInUse with a list, NotAllowed, VillageRefused.
    """
    _may_change(by, municipality)
    village = Village.objects.select_for_update().filter(municipality=municipality, slug=slug)
    row = village.first()
    if row is not None and (found := uses_of(row)):
        raise VillageInUse(found)
    remove_the_village(municipality=municipality.pk, slug=slug, into=into, by=by.key, role=by.role)
    next_version(municipality.pk)


@transaction.atomic
def change_everything(
    *,
    municipality: Municipality,
    changes: Changes,
    villages: Mapping[str, dict[str, object]],
    seen: int,
    by: Actor,
) -> list[str]:
    """Take over a file: every setting and the villages it names, as a whole.

    `changes` and `villages` come from `choices/file.py`, which checked them; `seen` is the
    version that was looked at. Raises ChangedMeanwhile, Refused, NotAllowed, VillageRefused.
    """
    _may_change(by, municipality)
    town = locked(municipality.pk)
    if town.settings_version != seen:
        raise ChangedMeanwhile
    _refuse_together(town, changes)
    changed = _keep(town, changes, by, "file")
    if villages:
        known = {one.slug: one for one in Village.objects.filter(municipality=town)}
        changed += set_villages(town, known, dict(villages), by=by.key, role=by.role, how="file")
        next_version(town.pk)
    return changed


def checked(town: Municipality, raw: Mapping[str, str]) -> dict[str, Any]:
    """Return the values that fields say, checked alone and together. Raises Refused."""
    changes: dict[str, Any] = {}
    wrong: list[tuple[str, str]] = []
    for code, text in raw.items():
        setting = settings()[code]
        try:
            value = read(setting.kind, text, setting.limits)
            standard = show(setting.kind, setting.standard(town))
            is_standard = value in (None, "") or show(setting.kind, value) == standard.strip()
            changes[code] = None if is_standard and not _is_column(code) else value
        except Wrong as no:
            wrong.append((code, no.sentence))
    if wrong:
        raise Refused(wrong)
    _refuse_together(town, changes)
    return changes


def _refuse_together(town: Municipality, changes: Changes) -> None:
    values = {code: value_of(one, town) for code, one in settings().items()}
    for code, value in changes.items():
        values[code] = settings()[code].standard(town) if value is None else value
    wrong = list(wrong_together(values))
    name = changes.get("duty_team") or ""
    teams = Team.objects.live().filter(municipality=town, name__iexact=name)
    if name and not teams.exists():
        sentence = _("Er is geen team dat zo heet. Kijk bij Teams hoe het team precies heet.")
        wrong.append(("duty_team", sentence))
    if wrong:
        raise Refused(wrong)


def _keep(town: Municipality, changes: Changes, by: Actor, how: str) -> list[str]:
    changed = keep_chosen(town, changes, by=by.key, role=by.role, how=how)
    if "name" in changed:
        try:
            rename_own(municipality=town, by=by)
        except NameTaken:
            raise Refused([("name", _("Er is al een organisatie die zo heet."))]) from None
    if IN_THE_INDEX & set(changed):
        next_version(town.pk)
    return changed


def _is_column(code: str) -> bool:
    return code in COLUMNS


def _may_change(by: Actor, municipality: Municipality) -> None:
    is_here = bool(by.machine) or by.municipality == municipality.pk
    if not (is_here and by.may_all("settings.change")):
        raise NotAllowed
