"""The last sweep: whoever is erased is not left in what others wrote about them.

It goes by `classes.md`, so a new table joins by being classified: all free text, and what names
or reaches somebody in what people do here, such as who would call the resident. Texts
of the directory are public and stay: a name there is for its owner to change.
"""

from typing import Any

from django.apps import apps
from django.db.models import BinaryField, CharField, Model, Q, TextField
from django.db.models.functions import Cast

from omzien.areas.models import Municipality
from omzien.people.models import Person
from omzien.people.privacy.classes import DataClass, classes
from omzien.people.privacy.mentions import Mentions

NAMES = (DataClass.IDENTITY, DataClass.CONTACT, DataClass.WORK)


def sweep(mentions: Mentions) -> int:
    """Take every mention out of free text in the municipality at hand; return how many rows."""
    if not mentions.patterns:
        return 0
    return sum(_sweep_model(model, fields, mentions) for model, fields in _texts().items())


def _texts() -> dict[type[Model], list[str]]:
    found: dict[type[Model], list[str]] = {}
    for (label, name), one in classes().items():
        if not _is_installed(label):
            continue
        model = apps.get_model(label)
        field = model._meta.get_field(name)
        is_free = one.kind == DataClass.FREE_TEXT and not isinstance(field, BinaryField)
        if is_free or (one.kind in NAMES and _is_typed(field) and _is_about_work(model)):
            found.setdefault(model, []).append(name)
    return found


def _is_typed(field: Any) -> bool:
    return isinstance(field, CharField | TextField) and not field.choices


def _is_about_work(model: type[Model]) -> bool:
    """Tell whether a table is of what people do here. Persons, accounts and logs have their own
    sources: there the same number or name may be somebody else's.
    """
    to = {field.related_model for field in model._meta.get_fields() if field.many_to_one}
    return Municipality in to and model._meta.app_label != Person._meta.app_label


def _is_installed(label: str) -> bool:
    try:
        apps.get_model(label)
    except LookupError:
        return False
    return True


def _sweep_model(model: type[Model], names: list[str], mentions: Mentions) -> int:
    as_text = {f"text_of_{name}": Cast(name, TextField()) for name in names}
    named = Q()
    for alias in as_text:
        named |= Q(**{f"{alias}__iregex": mentions.pattern})
    changed = 0
    for row in model._base_manager.alias(**as_text).filter(named).only("pk", *names):
        values = {name: _cut(model, name, mentions.without(getattr(row, name))) for name in names}
        changed += model._base_manager.filter(pk=row.pk).update(**values)
    return changed


def _cut(model: type[Model], name: str, value: Any) -> Any:
    field = model._meta.get_field(name)
    if isinstance(field, CharField) and isinstance(value, str):
        return value[: field.max_length]
    return value
