"""What a session knows about signing in: how strong it is, since when, and when it is over."""

import time

from allauth.account.internal.flows.login import (
    get_authentication_records,
    record_authentication,
)
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest
from django.utils import timezone

from omzien.areas.models import Municipality
from omzien.people.actions.sessions import make_room
from omzien.people.models import Account
from omzien.people.models.sessions import BROWSER, SEEN, STARTED
from omzien.people.queries.hats import works_elsewhere
from omzien.people.rules.sessions import NOTED_EVERY, browser_of, is_over
from omzien.web.accounts.noting import ended, sign_out
from omzien.web.doors import ELSEWHERE, HAT, STRONG

ENDED = "ended"  # in the session that comes after one that was over
OWN_LIFE = ("person:", "mandate:")


def begin(request: HttpRequest, account: Account) -> None:
    """Note how somebody signed in, and make room for this session. The first time proves that the
    address is theirs.
    """
    now = int(time.time())
    request.session[STARTED] = request.session[SEEN] = now
    request.session[BROWSER] = browser_of(request.headers.get("User-Agent", ""))
    request.session[STRONG] = is_strong(request, account)
    note_elsewhere(request, account)
    for _one in range(make_room(account=account, but=request.session.session_key)):
        ended(request, account.pk)
    if not account.is_proven:
        Account.objects.filter(pk=account.pk).update(is_proven=True)


def note_elsewhere(request: HttpRequest, account: Account) -> list[Municipality]:
    """Remember whether this account has a role in another municipality too; return which."""
    here: Municipality = request.municipality  # type: ignore[attr-defined]
    found = works_elsewhere(account.pk, than=here, on=timezone.localdate())
    if bool(request.session.get(ELSEWHERE)) != bool(found):
        request.session[ELSEWHERE] = bool(found)
    return found


def is_strong(request: HttpRequest, account: Account) -> bool:
    """Tell whether two factors were really used in this session.

    A passkey alone is two: the device, and the finger or code that opens it. A code in the mail
    never is, whatever comes after it.
    """
    records = get_authentication_records(request, account)
    methods = {one["method"] for one in records}
    if any(one.get("passwordless") for one in records):
        return True
    if getattr(request, "sign_on_is_strong", False):
        return True
    return "mfa" in methods and bool(methods & {"password", "socialaccount"})


def used_password(request: HttpRequest) -> bool:
    """Tell whether somebody signed in with a password: then a second step makes it strong."""
    records = get_authentication_records(request, request.user)  # type: ignore[arg-type]
    return any(one["method"] == "password" for one in records)


def used_second_factor(request: HttpRequest, kind: str) -> None:
    """Note that a second factor was just set up and tried out: the session may be strong now."""
    record_authentication(request, request.user, method="mfa", type=kind)  # type: ignore[arg-type]
    if is_strong(request, request.user):  # type: ignore[arg-type]
        request.session.cycle_key()  # a new right, a new session key (ASVS 7.2.4)
        request.session[STRONG] = True


def end_when_over(request: HttpRequest) -> None:
    """Sign out who was away too long or has been here too long; note that the others are here."""
    session = request.session
    if SESSION_KEY not in session:
        return
    now = int(time.time())
    seen, started = session.get(SEEN, now), session.get(STARTED, now)
    if is_over(started=started, seen=seen, now=now, at_work=_at_work(request)):
        sign_out(request)
        request.session[ENDED] = True
    elif SEEN not in session or now - seen >= NOTED_EVERY.total_seconds():
        session[SEEN], session[STARTED] = now, started


def _at_work(request: HttpRequest) -> bool:
    hat = request.session.get(HAT, "")
    return bool(request.session.get(STRONG)) and not hat.startswith(OWN_LIFE)
