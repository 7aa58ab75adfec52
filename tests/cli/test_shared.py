"""`omzien confirm-shared`: what is offered in the whole country is of no municipality."""

from datetime import timedelta

import pytest
from django.utils import timezone

from omzien.cli.main import main
from omzien.directory.models import Service
from omzien.directory.queries.editors import queue
from omzien.journal.isolation import SHARED, working_for
from omzien.journal.models import Fact

pytestmark = pytest.mark.django_db


@pytest.fixture
def old(world):
    """The Luisterlijn, checked more than a year ago."""
    long_ago = timezone.localdate() - timedelta(days=400)
    with working_for(SHARED):
        rows = Service.objects.filter(pk=world.luisterlijn.pk)
        rows.update(checked_on=long_ago, contacts_checked_on=long_ago)
    return world.luisterlijn


def unkept(world):
    with working_for("GM1948"):
        return [one.service.pk for one in queue(world.meierijstad, on=timezone.localdate()).unkept]


def test_it_names_what_is_due_and_notes_what_was_checked(world, old, capsys):
    assert old.pk in unkept(world)
    assert main(["confirm-shared"]) == 0
    said = capsys.readouterr().out
    assert old.slug in said and "1 van 1 moet nagekeken worden" in said
    assert main(["confirm-shared", old.slug]) == 0
    assert old.pk not in unkept(world)
    with working_for(SHARED):
        row = Service.objects.get(pk=old.pk)
        assert row.checked_on == row.contacts_checked_on == timezone.localdate()
        assert Fact.objects.filter(verb="confirm", subject_id=old.pk).count() == 1


def test_a_name_that_is_not_there_notes_nothing(world, old, capsys):
    assert main(["confirm-shared", old.slug, "bestaat-niet", "koffie-in-uden"]) == 1
    assert "bestaat-niet, koffie-in-uden" in capsys.readouterr().err
    assert old.pk in unkept(world)


def test_an_editor_sees_it_and_cannot_confirm_it(world, old):
    from omzien.people.rules.roles import Role
    from tests.signing import member, wearing

    browser = wearing(member(Role.CHIEF_EDITOR, world.meierijstad))
    page = browser.get("/redactie").content.decode()
    assert old.title in page and "van alle gemeenten samen" in page
    assert str(old.pk) not in page
