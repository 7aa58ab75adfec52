"""Signing in, being refused and signing out, as lines of the access log (ASVS 5.0, 16.3.1).

A line holds random keys only: the account, and the persons of this municipality who sign in
with it. Of an address that nobody has, the line says that somebody tried, and no more.
"""

from uuid import UUID

from allauth.account.internal.flows.login import get_authentication_records
from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpRequest

from omzien.people.limits import counted
from omzien.people.logs.reading import LogUnavailable, note, origin_of
from omzien.people.models import Account, Person
from omzien.people.rules.looking import Action, Result
from omzien.people.rules.roles import Actor

BY_PASSKEY = "by-passkey"
BY_SIGN_ON = "by-sign-on"
BY_SECOND_STEP = "by-second-step"
BY_WORD = "by-password"
BY_CODE = "by-code"
CLOSED = "by-closed-account"
LIMIT = "by-too-many-tries"
SESSION = "by-session"
NOBODY = UUID(int=0)
METHODS = {"socialaccount": "sign-on", "mfa": "second-step"}


def signed_in(request: HttpRequest, account: Account) -> None:
    """Note that somebody is in, and by which steps. Raises LogUnavailable: then nobody is."""
    _write(request, Action.SIGN_IN, Result.ALLOWED, way_of(request, account), account.pk)


def refused(
    request: HttpRequest, way: str, *, account: UUID | None = None, email: str = ""
) -> None:
    """Note a try that failed. The answer is the same when the line cannot be written."""
    if account is None and email:
        # Asked for every address, so that a known one takes no longer than an unknown one.
        found = Account.objects.filter(email=email.strip().casefold()).values_list("pk", flat=True)
        account = found.first()
    try:
        _write(request, Action.SIGN_IN, Result.REFUSED, way, account)
    except LogUnavailable:
        return


def limited(request: HttpRequest) -> None:
    """Note that a visitor tried too often: once an hour, so that a flood fills no log."""
    if counted(request, "sign-in-limit") == 1:
        refused(request, LIMIT)


def ended(request: HttpRequest, account: UUID) -> None:
    """Note the end of a session. It ends also when the line cannot be written."""
    try:
        _write(request, Action.SIGN_OUT, Result.ALLOWED, SESSION, account)
    except LogUnavailable:
        return


def sign_out(request: HttpRequest) -> None:
    """End this session, and note it."""
    account = request.session.get(SESSION_KEY)
    if account and getattr(request, "municipality", None):
        ended(request, UUID(account))
    logout(request)


def way_of(request: HttpRequest, account: Account) -> str:
    """Return by which steps somebody came in, as a code: "by-password-second-step"."""
    records = get_authentication_records(request, account)
    if any(one.get("passwordless") for one in records):
        return BY_PASSKEY
    steps = dict.fromkeys(METHODS.get(one["method"], one["method"]) for one in records)
    return "-".join(["by", *steps]) if steps else "by-demonstration"


def _write(
    request: HttpRequest, action: Action, result: Result, way: str, account: UUID | None
) -> None:
    key = account or NOBODY  # asked for nobody as well: it takes as long
    persons = list(Person.objects.filter(account=key).values_list("pk", flat=True))
    code: str = request.municipality.code  # type: ignore[attr-defined]
    # Who is refused is a visitor: that they are who they say is just what they did not show.
    is_one = len(persons) == 1 and result == Result.ALLOWED
    note(
        Actor(code, person=persons[0]) if is_one else Actor(code),
        purpose="account",
        object=(way, account or ""),
        action=action,
        result=result,
        about=persons,
        origin=origin_of(request),
    )
