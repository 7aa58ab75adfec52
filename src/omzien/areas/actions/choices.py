"""Keeping what a municipality chose. What may be chosen is said one room higher, in `choices`."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from omzien.areas import queries
from omzien.areas.models import Municipality, SettingVersion
from omzien.journal.actions import record

# What stands in a column of its own, because other code selects on it.
COLUMNS = ("name", "editors_email")


def locked(code: str) -> Municipality:
    """Return the municipality, locked until the end of the caller's transaction."""
    return Municipality.objects.select_for_update().get(pk=code)


def keep_chosen(
    municipality: Municipality, changes: Mapping[str, Any], *, by: str, role: str, how: str
) -> list[str]:
    """Write choices in the caller's transaction on a locked row; return the codes that changed.

    None takes a choice back. The fact holds the codes and never what was chosen: that stands in
    the versions.
    """
    before = {code: kept_of(municipality, code) for code in changes}
    changed = [code for code, value in changes.items() if _set(municipality, code, value)]
    if not changed:
        return []
    municipality.settings_version += 1
    add_versions(
        municipality.pk,
        municipality.settings_version,
        {code: (before[code], kept_of(municipality, code)) for code in changed},
    )
    municipality.save(update_fields=["settings", "settings_version", *COLUMNS])
    record(
        verb="change",
        subject="settings",
        subject_id=municipality.pk,
        by=by,
        municipality=municipality.pk,
        codes=sorted(changed),
        role=role,
        how=how,
        version=municipality.settings_version,
    )
    forget_at_commit()
    return changed


def add_versions(municipality: str, version: int, values: Mapping[str, tuple[Any, Any]]) -> None:
    """Write what was and became of each code, inside the caller's transaction."""
    SettingVersion.objects.bulk_create(
        SettingVersion(municipality=municipality, version=version, code=code, old=old, new=new)
        for code, (old, new) in values.items()
    )


def forget_at_commit() -> None:
    """Forget what this process knows of areas: now, and when others can see the change."""
    queries.forget()
    transaction.on_commit(queries.forget)


def kept_of(municipality: Municipality, code: str) -> Any:
    """Return what a municipality chose for a code, as it is kept; None where it chose nothing."""
    if code in COLUMNS:
        return getattr(municipality, code)
    return municipality.settings.get(code)


def _set(municipality: Municipality, code: str, value: Any) -> bool:
    """Set one choice; tell whether that changed something."""
    if code in COLUMNS:
        if getattr(municipality, code) == (value or ""):
            return False
        setattr(municipality, code, value or "")
        return True
    if value is None:
        return municipality.settings.pop(code, None) is not None
    if municipality.settings.get(code) == value:
        return False
    municipality.settings[code] = value
    return True
