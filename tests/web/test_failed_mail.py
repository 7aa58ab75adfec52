"""Mail that did not arrive: who keeps the entries sees that about entries, and no other."""

import pytest

from omzien.directory.actions.receivers import CHECKS as ABOUT_ENTRIES
from omzien.journal.isolation import working_for
from omzien.messages import rights
from omzien.messages.models import Message
from omzien.people.rules.roles import Role
from tests.signing import member, wearing

pytestmark = pytest.mark.django_db
HERE = "GM1948"


def failed(town, kind):
    with working_for(HERE):
        return Message.objects.create(
            municipality=town, key=f"{kind}:00000000-0000-4000-8000-000000000001",
            recipient=f"iemand-{kind}@voorbeeld.example", subject=f"Over {kind}.", body="x",
            state=Message.State.FAILED,
        )  # fmt: skip


@pytest.mark.parametrize("kind", sorted(rights.known()))
def test_an_editor_sees_and_sends_again_what_is_about_an_entry_only(world, kind):
    mail, mine = failed(world.meierijstad, kind), kind in ABOUT_ENTRIES
    editor = wearing(member(Role.CHIEF_EDITOR, world.meierijstad, name="Ed Iteur"))
    page = editor.get("/redactie").content.decode()
    assert (mail.recipient in page) is (f"Over {kind}." in page) is mine
    answer = editor.post(f"/redactie/mail/{mail.pk}/opnieuw")
    assert answer.status_code == (302 if mine else 404)
    with working_for(HERE):
        mail.refresh_from_db()
    assert mail.state == (Message.State.WAITING if mine else Message.State.FAILED)


def test_there_are_mails_of_both():
    assert len(rights.known() & set(ABOUT_ENTRIES)) > 8
    assert len(rights.known() - set(ABOUT_ENTRIES)) > 20


def test_the_manager_reads_that_mail_does_not_arrive_and_not_whose(world):
    manager = wearing(member(Role.FUNCTIONAL_MANAGER, world.meierijstad, name="Fien Beheer"))
    assert "Mail komt niet aan" not in manager.get("/vandaag").content.decode()
    mail = failed(world.meierijstad, "question")
    page = manager.get("/vandaag").content.decode()
    assert "Naar 1 adres kwam deze week een mail niet aan." in page
    assert mail.recipient not in page and mail.subject not in page
    editor = wearing(member(Role.CHIEF_EDITOR, world.meierijstad, name="Ed Iteur"))
    assert "Mail komt niet aan" not in editor.get("/vandaag").content.decode()
