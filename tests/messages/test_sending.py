"""Mail is told once, sent by real SMTP, waits while the server is away, and is never doubled."""

import socket
import threading
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from django.db import connection, connections, transaction
from django.utils import timezone

from omzien.journal.isolation import working_for
from omzien.messages import actions
from omzien.messages.actions import MOST_TRIES, deliver_waiting, tell, try_again
from omzien.messages.mails import Letter
from omzien.messages.models import Message
from tests.certificates import own_certificate


class Postbox:
    """Keeps what arrives; can refuse a recipient."""

    def __init__(self):
        self.mails = []
        self.refused = set()

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refused:
            return "550 onbekend"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.mails.append(envelope)
        return "250 OK"

    @property
    def recipients(self):
        return sorted(r for mail in self.mails for r in mail.rcpt_tos)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def mail_server(settings):
    """A real SMTP server that can be started and stopped by the test."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    settings.EMAIL_TIMEOUT = 3

    class Server:
        postbox = Postbox()
        running = None

        def start(self):
            self.running = Controller(self.postbox, hostname="127.0.0.1", port=settings.EMAIL_PORT)
            self.running.start()

        def stop(self):
            if self.running:
                self.running.stop()
                self.running = None

    server = Server()
    server.postbox = Postbox()
    yield server
    server.stop()


def say(
    world, key="account:a", recipient="anna@voorbeeld.example", subject="Dag", body="Hallo Anna\n"
):
    with working_for("GM1948"):
        tell(
            municipality=world.meierijstad, key=key, recipients=[recipient],
            letter=Letter(subject, body),
        )  # fmt: skip


def states():
    with working_for("GM1948"):
        return sorted(Message.objects.values_list("state", flat=True))


def later(monkeypatch, **pause):
    now = timezone.now()
    monkeypatch.setattr(actions.timezone, "now", lambda: now + timedelta(**pause))


@pytest.mark.parametrize(
    ("host", "is_known", "sent"),
    [("localhost", True, 1), ("localhost", False, 0), ("elders.example", True, 0), ("", True, 0)],
    ids=["good", "of-nobody-we-know", "of-another-name", "without-tls"],
)
def test_a_mail_leaves_only_over_tls_with_a_good_certificate(
    world, settings, monkeypatch, tmp_path, host, is_known, sent
):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "localhost", free_port()
    settings.EMAIL_USE_TLS, settings.EMAIL_TIMEOUT = True, 3
    postbox, tls = Postbox(), {}
    if host:
        tls["tls_context"], file = own_certificate(tmp_path, host)
        if is_known:
            monkeypatch.setenv("SSL_CERT_FILE", file)
    server = Controller(postbox, hostname="localhost", port=settings.EMAIL_PORT, **tls)
    server.start()
    try:
        say(world)
        assert deliver_waiting() == sent
    finally:
        server.stop()
    assert len(postbox.mails) == sent and states() == ["sent" if sent else "waiting"]


@pytest.mark.parametrize("is_demonstration", [False, True])
def test_a_mail_arrives_once_with_the_headers_of_a_machine(
    world, mail_server, settings, is_demonstration
):
    settings.DEMO = is_demonstration
    mail_server.start()
    world.meierijstad.editors_email = "redactie@voorbeeld.example"
    world.meierijstad.save()
    say(world, body="Beste buur, tot ziens in café Ünï.\n")
    assert deliver_waiting() == 1
    assert deliver_waiting() == 0
    assert states() == ["sent"]
    (mail,) = mail_server.postbox.mails
    text = mail.content.decode()
    assert "Auto-Submitted: auto-generated" in text
    assert "Reply-To: redactie@voorbeeld.example" in text
    with working_for("GM1948"):
        row = Message.objects.get()
    assert f"Message-ID: <{row.pk}@meierijstad.localhost>" in text
    # What it held, maybe a link that lets somebody in, is in the mailbox, and nowhere else.
    assert bool(row.body) is is_demonstration
    assert "text/plain" in text and "text/html" not in text


def test_the_same_event_is_told_once_to_each(world):
    for recipient in ("anna@voorbeeld.example", "Anna@voorbeeld.example", "bas@voorbeeld.example"):
        say(world, recipient=recipient)
        say(world, recipient=recipient)
    assert states() == ["waiting"] * 2


def test_nobody_to_tell_makes_no_row(world):
    say(world, recipient="")
    assert states() == []


def test_a_change_that_fails_tells_nobody(world):
    class Stop(Exception):
        pass

    with pytest.raises(Stop), transaction.atomic():
        say(world)
        raise Stop
    assert states() == []


def test_a_line_break_in_a_title_makes_no_second_header(world, mail_server):
    mail_server.start()
    say(world, subject="Koffie\r\nBcc: iedereen@voorbeeld.example")
    assert deliver_waiting() == 1
    assert mail_server.postbox.recipients == ["anna@voorbeeld.example"]


def test_a_server_that_is_down_and_comes_up_loses_nothing_and_doubles_nothing(
    world, mail_server, monkeypatch
):
    for number in range(7):
        say(world, key=f"account:{number}", recipient=f"n{number}@voorbeeld.example")
    for minute in range(MOST_TRIES * 3):
        later(monkeypatch, minutes=minute)
        assert deliver_waiting() == 0
        monkeypatch.undo()
    assert states() == ["waiting"] * 7
    with working_for("GM1948"):
        assert set(Message.objects.values_list("tries", flat=True)) == {0}
    mail_server.start()
    later(monkeypatch, hours=1)
    assert deliver_waiting() == 7
    assert deliver_waiting() == 0
    assert mail_server.postbox.recipients == [f"n{n}@voorbeeld.example" for n in range(7)]


def test_a_refused_mail_is_tried_with_rising_pauses_and_then_fails(world, mail_server, monkeypatch):
    mail_server.start()
    mail_server.postbox.refused.add("weg@voorbeeld.example")
    say(world, key="account:a", recipient="weg@voorbeeld.example")
    say(world, key="account:b", recipient="anna@voorbeeld.example")
    assert deliver_waiting() == 1  # the other one goes, whoever stands first
    assert deliver_waiting() == 0  # the pause holds
    pauses = []
    for _ in range(MOST_TRIES):
        with working_for("GM1948"):
            mail = Message.objects.get(key="account:a")
            pauses.append(mail.next_try_at - timezone.now())
            Message.objects.filter(key="account:a").update(next_try_at=timezone.now())
        deliver_waiting()
    assert states() == ["failed", "sent"]
    with working_for("GM1948"):
        mail = Message.objects.get(key="account:a")
        assert mail.tries == MOST_TRIES
        assert pauses[0] < pauses[1] < pauses[2] < pauses[3]
        try_again(message=mail)
    mail_server.postbox.refused.clear()
    assert deliver_waiting() == 1
    assert states() == ["sent", "sent"]


def test_an_address_that_cannot_be_written_holds_up_nobody(world, mail_server):
    mail_server.start()
    say(world, key="account:a", recipient="anna\nbcc@voorbeeld.example")
    say(world, key="account:b")
    assert deliver_waiting() == 1
    assert states() == ["sent", "waiting"]


def test_a_municipality_sees_only_its_own_mail(world, mail_server):
    mail_server.start()
    say(world)
    with working_for("GM1991"):
        assert Message.objects.count() == 0
        tell(
            municipality=world.maashorst, key="account:a", recipients=["uden@voorbeeld.example"],
            letter=Letter("Dag", "x"),
        )  # fmt: skip
    assert deliver_waiting() == 2


@pytest.fixture
def committed(django_db_setup, django_db_blocker):
    """A municipality with forty waiting mails that other connections can see."""
    from omzien.areas.models import Municipality

    with django_db_blocker.unblock():
        own = Municipality.objects.create(
            code="GM9998", name="Proef", slug="proef-9998", host="proef-9998.localhost"
        )
        with working_for("GM9998"):
            for n in range(40):
                tell(
                    municipality=own, key=f"account:{n}", recipients=[f"n{n}@voorbeeld.example"],
                    letter=Letter("Dag", "x"),
                )  # fmt: skip
        yield own
        with working_for("GM9998"):
            Message.objects.all().delete()
        own.delete()
        connection.close()


def test_four_workers_at_once_double_nothing(committed, mail_server):
    mail_server.start()
    sent = []

    def worker():
        try:
            sent.append(deliver_waiting())
        finally:
            connections["default"].close()

    threads = [threading.Thread(target=worker) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sum(sent) == 40
    assert len(set(mail_server.postbox.recipients)) == len(mail_server.postbox.mails) == 40
