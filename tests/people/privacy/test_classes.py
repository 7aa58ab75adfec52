"""Every field of every table is classified; the register and erasure rest on it."""

import pytest
from django.apps import apps

from omzien.people.privacy.classes import BadClasses, DataClass, classes, personal, read
from omzien.people.rules.processing import ACTIVITIES

# Tables of packages that a branch or a municipality may install; classified in advance.
ALLOWED_ABSENT = {"account", "mfa", "usersessions", "socialaccount"}


def fields(models):
    """Return (label, field) of every column and every many-to-many of the models."""
    return {
        (model._meta.label, field.name)
        for model in models
        for field in (*model._meta.local_fields, *model._meta.local_many_to_many)
    }


def unclassified(models) -> list[tuple[str, str]]:
    return sorted(fields(models) - set(classes()))


def test_every_field_of_every_model_is_classified():
    models = apps.get_models(include_auto_created=True)
    assert len(models) > 30
    assert unclassified(models) == [], "add the field to people/privacy/classes.md"


def test_a_new_field_or_model_does_not_slip_through():
    from django.db import models

    class Fresh(models.Model):  # noqa: DJ008
        name = models.TextField()

        class Meta:
            app_label = "people"
            managed = False

    try:
        assert ("people.Fresh", "name") in unclassified([Fresh])
    finally:
        del apps.all_models["people"]["fresh"]
        apps.clear_cache()


def test_the_table_names_no_field_that_is_gone():
    installed = fields(apps.get_models(include_auto_created=True))
    labels = {label for label, _field in installed}
    gone = {
        key
        for key in set(classes()) - installed
        if key[0] in labels
        or not (key[0].split(".")[0] in ALLOWED_ABSENT or key[0] in COMES_WITH_THE_LOGS)
    }
    assert sorted(gone) == []


COMES_WITH_THE_LOGS = {"people.AccessLine", "people.ProcessingLine", "people.LogHead"}


@pytest.mark.parametrize(
    ("model", "field", "kind"),
    [
        ("directory.Service", "owner_email", DataClass.WORK),
        ("omzien_messages.Message", "recipient", DataClass.CONTACT),
        ("omzien_messages.Message", "body", DataClass.FREE_TEXT),
        ("directory.Report", "text", DataClass.FREE_TEXT),
        ("agenda.PageFeedback", "remark", DataClass.FREE_TEXT),
        ("people.Account", "password", DataClass.SECRET),
        ("people.Session", "session_data", DataClass.SECRET),
    ],
)
def test_what_may_hold_a_person_is_personal(model, field, kind):
    assert classes()[model, field].kind == kind
    assert classes()[model, field].is_personal


def test_a_name_that_says_personal_is_never_called_harmless():
    """A field called email, phone, name of a person or text is personal, or known as public."""
    telling = ("email", "phone", "recipient", "body", "text", "remark", "password", "ip")
    known_public = {("areas.Municipality", "editors_email")}
    known_public |= {("people.Team", "email"), ("people.Team", "phone")}
    known_public |= {("questions.StandardText", "body")}
    wrong = [
        key
        for key, one in classes().items()
        if key[1] in telling and not one.is_personal and key not in known_public
    ]
    assert wrong == []


def test_every_activity_without_data_says_whose_it_reads_or_waits_for_its_issue():
    used = {one.activity for one in personal()}
    waits = {"volunteering"}
    assert {one.code for one in ACTIVITIES if not one.reads} - used == waits


@pytest.mark.parametrize(
    "row",
    [
        "| a | odd | | |",
        "| a | contact | | |",
        "| a | contact | nowhere | person |",
        "| a | contact | account | never |",
        "| a | none | account | person |",
        "| a, a | none | | |",
        "| a | none | |",
    ],
)
def test_a_table_that_is_wrong_is_refused(row):
    with pytest.raises(BadClasses):
        read(f"## people.X\n{row}\n")
