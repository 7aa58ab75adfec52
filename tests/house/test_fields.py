"""The table of fields on paper: each field of a person is there once, with verbs that exist."""

import re
from pathlib import Path

import pytest
from django.apps import apps

from omzien.journal.isolation import working_for
from omzien.people.privacy.classes import DataClass, classes
from omzien.people.rules.roles import verbs
from tests.casework import as_actor
from tests.house.test_asvs import TEST, exists
from tests.wall.town import build

PAGE = Path(__file__).parents[2] / "docs" / "security" / "fields.md"
ROW = re.compile(r"^\| ([\w.]+): ([^|]+) \| ([^|]+) \| ([^|]+) \| ([^|]*)\|$", re.M)
# Gates that ask whose it is and no verb: who lost the role has no page for it.
BY_OWNER = {"questions.SavedFilter"}
OF_A_PERSON = {DataClass.IDENTITY, DataClass.CONTACT, DataClass.SPECIAL, DataClass.FREE_TEXT}


def rows():
    return ROW.findall(PAGE.read_text(encoding="utf-8"))


def test_each_field_of_a_person_stands_there_once():
    named = [(model, one.strip()) for model, fields, *_ in rows() for one in fields.split(",")]
    wanted = {key for key, one in classes().items() if one.kind in OF_A_PERSON}
    assert len(named) == len(set(named))
    assert set(named) == wanted and len(wanted) > 150


def test_each_is_read_and_changed_by_verbs_of_the_role_table():
    for model, _fields, read, changed, _only in rows():
        asked = {one.strip() for one in f"{read},{changed}".split(",")}
        assert asked - {"system"} <= set(verbs()), model
        assert "system" not in read, model


def test_every_line_of_the_table_is_read_and_every_test_exists():
    text = PAGE.read_text(encoding="utf-8")
    lines = [one for one in text.splitlines() if re.match(r"\| [a-z_]+\.[A-Z]", one)]
    assert len(lines) == len(rows())
    assert all(exists(path, name) for path, name in TEST.findall(text))


@pytest.mark.django_db
def test_who_has_none_of_the_verbs_sees_no_row(world):
    """The gates beside the table: a role without a verb of a line reaches nothing of its rows."""
    side = build(world, is_wide=True)["own"]
    tried, wrong = set(), []
    with working_for(side.municipality.code):
        for role, member in side.people.items():
            actor = as_actor(member)
            for label, _fields, read, *_ in rows():
                model = apps.get_model(label)
                gate = hasattr(model._default_manager.all(), "visible_to")
                if not gate or label in BY_OWNER:
                    continue
                if any(actor.may(verb.strip()) for verb in read.split(",")):
                    continue
                tried |= {label} if model._default_manager.exists() else set()
                if model._default_manager.visible_to(actor).exists():
                    wrong.append(f"{role} sees {label} without {read.strip()}")
    assert wrong == [], "\n".join(wrong)
    assert len(tried) >= 20
