"""Bulk upserts that count what was new, changed and the same."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from django.db.models import Model

from omzien.areas import rules
from omzien.areas.actions.reports import Progress, Tally
from omzien.areas.models import Buurt, Municipality, Wijk
from omzien.kernel.text import clean, slugify

BATCH = 500
Row = TypeVar("Row", bound=Model)


def upsert(
    model: type[Row],
    rows: Sequence[Row],
    existing: dict[str, Row],
    *,
    key: Sequence[str],
    fields: Sequence[str],
    tally: Tally,
) -> None:
    """Write `rows` that are new or differ in `fields` from `existing` (by key[0])."""
    write = []
    for row in rows:
        old = existing.get(getattr(row, key[0]))
        if old is None:
            tally.added += 1
        elif all(getattr(old, name) == getattr(row, name) for name in fields):
            tally.unchanged += 1
            continue
        else:
            tally.changed += 1
        write.append(row)
    if write:
        model._default_manager.bulk_create(
            write, update_conflicts=True, unique_fields=key, update_fields=fields
        )


def in_batches(
    rows: Iterable[Row], write: Callable[[list[Row]], None], progress: Progress | None
) -> None:
    """Hand `rows` over in batches and report progress after each."""
    batch: list[Row] = []
    done = 0
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            write(batch)
            done += len(batch)
            batch = []
            if progress:
                progress(done)
    if batch:
        write(batch)
    if progress:
        progress(done + len(batch))


def model_of(level: rules.Level) -> type[Buurt] | type[Wijk]:
    """Return the model that holds areas of `level`."""
    return Buurt if level is rules.Level.BUURT else Wijk


class Municipalities:
    """Knows which municipalities exist and makes the missing ones.

    An area file of 2024 names municipalities that this installation does not serve; they
    get a row without a host. One whose name the file lacks is named by its code until a
    later file says better; a name that a person chose is left alone.
    """

    def __init__(self) -> None:
        self._names = dict(Municipality.objects.values_list("code", "name"))

    def ensure(self, code: str, name: str) -> None:
        """Make sure that the municipality exists."""
        name = clean(name)[:80]
        known = self._names.get(code)
        if known is None:
            slug = slugify(name or code)
            if Municipality.objects.filter(slug=slug).exists():
                slug = f"{slug[:70]}-{code.lower()}"
            Municipality.objects.create(code=code, name=name or code, slug=slug)
            self._names[code] = name or code
        elif known == code and name and name != code:
            Municipality.objects.filter(code=code).update(name=name)
            self._names[code] = name
