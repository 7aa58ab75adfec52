"""Ten thousand real attempts at one account, over HTTP, with the real password hasher.

The size comes from OMZIEN_PROOF_SIZE: `make proofs` takes 10,000, the suite sixty. The
attempts come from several visitors and are spread over simulated time, so that windows open
again on the way; what was really checked is counted where it is checked.
"""

import os
import re
import time
from collections import Counter, defaultdict

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.conf import settings
from django.core import mail

from omzien.people.actions import codes
from omzien.people.models import Account
from omzien.web.accounts import second_step
from tests.signing import person
from tests.web.test_signing_in import PASSWORD, SECRET, browser, code_in, editor, link_in

pytestmark = [pytest.mark.django_db, pytest.mark.proofs]
__all__ = ["editor"]  # a fixture
SIZE = int(os.environ.get("OMZIEN_PROOF_SIZE", "60"))
WINDOW = 600  # of login_failed, in seconds
VISITORS = [f"10.6.6.{number}" for number in range(1, 5 if SIZE >= 1000 else 2)]
STEP = 0.2  # seconds between two attempts: ten thousand take 33 minutes, four windows


def limit(action: str, per: str) -> int:
    """Return how often an action may be done, from the settings."""
    rates = settings.ACCOUNT_RATE_LIMITS[action].split(",")
    return next(int(rate.split("/")[0]) for rate in rates if rate.endswith(f"/{per}"))


@pytest.fixture
def clock(monkeypatch):
    """Time goes on only as the test says."""
    moment = [time.time()]
    monkeypatch.setattr(time, "time", lambda: moment[0])
    return moment


def plain(page: str, *varying: str) -> str:
    for text in varying:
        page = page.replace(text, "…")
    return re.sub(r'value="\w{64}"', "", page)


def within(moments: list[float], window: float) -> int:
    """Return the most moments that lie in any window."""
    return max((sum(one - window < m <= one for m in moments) for one in moments), default=0)


def test_guessing_passwords_checks_few_and_tells_nothing(editor, world, clock, monkeypatch):
    known = [editor.email, person(world.meierijstad, "Bea", "bea@voorbeeld.example").email]
    names = [*known, *(f"niemand{number}@voorbeeld.example" for number in range(4))]
    checked = []  # (when, visitor, name) of each password that was really tried
    now = {}
    real_check, real_set = Account.check_password, Account.set_password

    def check(self, raw):
        checked.append((clock[0], now["visitor"], now["name"]))
        return real_check(self, raw)

    def spend_as_long(self, raw):  # what allauth does for an address that nobody has
        checked.append((clock[0], now["visitor"], now["name"]))
        return real_set(self, raw)

    monkeypatch.setattr(Account, "check_password", check)
    monkeypatch.setattr(Account, "set_password", spend_as_long)
    clients = {address: browser(address) for address in VISITORS}
    pages, answers = defaultdict(set), Counter()
    told = {True: set(), False: set()}  # what who has an account sees, and who has not
    for number in range(SIZE):
        clock[0] += STEP
        visitor, name = VISITORS[number % len(VISITORS)], names[number // 3 % len(names)]
        now |= {"visitor": visitor, "name": name}
        form = {"login": name, "password": f"gok nummer {number}"}
        answer = clients[visitor].post("/aanmelden/wachtwoord", form)
        answers[answer.status_code] += 1
        page = plain(answer.content.decode(), name)
        pages[answer.status_code].add(page)
        told[name in known].add(page)
    # Equal answers: a page for a wrong guess and one for each limit (of guesses, and in the long
    # run of requests), the same for who has an account and who has not.
    assert set(answers) == {400, 429} and told[True] == told[False]
    assert len(pages[400]) == 1 and len(pages[429]) <= 2
    # At most so many real checks per visitor, and per visitor and address, in any window.
    assert len(checked) == answers[400]
    for visitor in VISITORS:
        theirs = [one for one in checked if one[1] == visitor]
        assert within([when for when, *_ in theirs], WINDOW) <= limit("login_failed", "ip")
        for name in names:
            mine = [when for when, _, whose in theirs if whose == name]
            assert within(mine, WINDOW) <= limit("login_failed", "key")
    # Who it belongs to is never locked out elsewhere, and gets in again here after the window.
    form = {"login": editor.email, "password": PASSWORD}
    now |= {"visitor": "owner", "name": editor.email}
    assert browser("10.7.7.7").post("/aanmelden/wachtwoord", form).status_code == 302
    shared = browser(VISITORS[0])
    assert shared.post("/aanmelden/wachtwoord", form).status_code == 429
    clock[0] += WINDOW + 1
    assert shared.post("/aanmelden/wachtwoord", form).status_code == 302
    said = f"{answers[400]} checked, {answers[429]} refused unread"
    print(f"\n{SIZE} guesses of a password: {said}.")  # noqa: T201


def test_guessing_codes_tries_few_and_lets_the_owner_in_later(world, clock, monkeypatch):
    address = "jan@voorbeeld.example"
    person(world.meierijstad, email=address)
    compared = []
    real = codes.hmac.compare_digest

    class Counted:
        """hmac, with its comparisons of codes counted."""

        new = staticmethod(codes.hmac.new)

        @staticmethod
        def compare_digest(one, other):
            compared.append(clock[0])
            return real(one, other)

    monkeypatch.setattr(codes, "hmac", Counted)
    clients = [browser(visitor) for visitor in VISITORS]
    answers, asked = Counter(), 0
    for number in range(SIZE):
        clock[0] += STEP
        client = clients[number % len(clients)]
        if number // len(clients) % 5 == 0:  # a new code, as often as one is given
            asked += client.post("/aanmelden", {"email": address}).status_code == 302
        wrong = (int(code_in()) + 1 + number) % 1_000_000 if mail.outbox else 0
        answer = client.post("/aanmelden/code", {"code": f"{wrong:06}"})
        answers[answer.status_code] += 1
        assert "_auth_user_id" not in client.session
    assert set(answers) == {400}  # wrong, spent or none asked: never in
    assert asked == len(mail.outbox)
    assert asked <= limit("mail_code", "key") * (1 + SIZE * STEP // 3600)
    assert len(compared) <= asked * codes.MOST_TRIES
    # At most 120 tries an hour at a million codes.
    assert within(compared, 3600) <= limit("mail_code", "key") * codes.MOST_TRIES
    clock[0] += 3601
    owner = browser("10.7.7.7")
    assert owner.post("/aanmelden", {"email": address}).status_code == 302
    assert owner.post("/aanmelden/code", {"code": code_in()}).status_code == 302
    print(f"\n{SIZE} guesses of a code: {asked} codes mailed, {len(compared)} compared.")  # noqa: T201


def test_guessing_the_second_step_reads_few_codes_and_the_owner_has_a_way(
    editor, clock, monkeypatch
):
    """By who has the password, from several places; a new password ends it."""
    TOTP.activate(editor, SECRET)
    read = []

    def counted(*_more, **_named):
        read.append(clock[0])
        return False

    real = second_step.compare_user_code
    monkeypatch.setattr(second_step, "compare_user_code", counted)
    clients = [browser(visitor) for visitor in VISITORS]
    answers = Counter()
    for client in clients:
        form = {"login": editor.email, "password": PASSWORD}
        assert client.post("/aanmelden/wachtwoord", form)["Location"] == "/aanmelden/tweede-stap"
    for number in range(SIZE):
        clock[0] += STEP
        client = clients[number % len(clients)]
        answers[client.post("/aanmelden/tweede-stap", {"code": f"{number:06}"}).status_code] += 1
        assert "_auth_user_id" not in client.session
    assert set(answers) <= {302, 400, 429} and answers[429]  # 302: the first step is too old
    tried = sorted(set(read))
    assert within(tried, 3600) <= limit("second_step", "key")
    assert within(tried, WINDOW) <= limit("login_failed", "key") * len(VISITORS)
    monkeypatch.setattr(second_step, "compare_user_code", real)
    owner = browser("10.7.7.7")
    owner.post("/wachtwoord/vergeten", {"email": editor.email})
    shown = owner.get(link_in(mail.outbox[-1])[1])
    new = "nog een beter wachtwoord"
    owner.post(shown["Location"], {"password1": new, "password2": new})
    owner.post("/aanmelden/wachtwoord", {"login": editor.email, "password": new})
    code = format_hotp_value(hotp_value(SECRET, int(clock[0]) // 30))
    assert owner.post("/aanmelden/tweede-stap", {"code": code}).status_code == 302
    assert owner.session["_auth_user_id"]
    print(f"\n{SIZE} guesses of a second step: {len(tried)} read.")  # noqa: T201
