"""Ending sessions, closing an account and opening it again."""

import hashlib

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from omzien.journal.actions import record
from omzien.people.ledger_file import note_ended
from omzien.people.models import Account, Membership, Person, Session, SignInCode
from omzien.people.refusals import NotAllowed, NotClosed, NotOpen
from omzien.people.rules.closing import Cause, Deed
from omzien.people.rules.roles import Actor
from omzien.people.rules.sessions import MOST_AT_ONCE


def name_of(session_key: str) -> str:
    """Return how a page names a session; the key itself would let a reader take it over."""
    return hashlib.sha256(session_key.encode()).hexdigest()[:32]


@transaction.atomic
def end_session(*, account: Account, name: str) -> bool:
    """End one session of an account; tell whether it was there."""
    for session in Session.objects.filter(account=account):
        if name_of(session.session_key) == name:
            session.delete()
            return True
    return False


@transaction.atomic
def end_sessions(*, account: Account, but: str | None = None) -> int:
    """End all sessions of an account, but one."""
    return Session.objects.filter(account=account).exclude(session_key=but or "").delete()[0]


@transaction.atomic
def make_room(*, account: Account, but: str | None = None) -> int:
    """End what was seen longest ago of an account, so that with one more it has no more sessions
    than it may (ASVS 7.1.2); return how many.
    """
    others = Session.objects.filter(account=account).exclude(session_key=but or "")
    too_many = list(
        others.order_by(F("seen_at").desc(nulls_last=True), "pk")
        .values_list("pk", flat=True)[MOST_AT_ONCE - 1 :]
    )  # fmt: skip
    return Session.objects.filter(pk__in=too_many).delete()[0]


@transaction.atomic
def end_all_sessions() -> int:
    """Sign everybody out, and let no code in a mail work any more; return how many sessions."""
    SignInCode.objects.all().delete()
    return Session.objects.all().delete()[0]


@transaction.atomic
def close_account(*, account: Account, by: Actor, **why: str) -> None:
    """Close an account: it is signed out everywhere at once and cannot sign in again.

    Persons and their roles stay: who gives roles ends them, and nobody can put them on.
    """
    Account.objects.filter(pk=account.pk).update(is_active=False)
    end_sessions(account=account)
    if by.municipality:  # the command line closes for no municipality in particular
        note_ended("closed", account.pk, by.municipality)
        record(
            verb="close", subject="account", subject_id=account.pk, by=by.key,
            municipality=by.municipality, **why,
        )  # fmt: skip


@transaction.atomic
def shut_out(*, person: Person, deed: Deed, cause: Cause, by: Actor) -> Account:
    """End all sessions of somebody who has a role here, or close their account as well.

    Nobody does this to themselves, nor to an account that they share (four eyes): one's own
    account has a page for it. Raises NotAllowed, NotOpen.
    """
    holds = Membership.objects.managed_by(by, "account.close").filter(person=person)
    if not holds.live(on=timezone.localdate()).exists():
        raise NotAllowed
    account = Account.objects.select_for_update().filter(persons=person).first()
    if account is None or not account.is_active:
        raise NotOpen
    if by.person and account.persons.filter(pk=by.person).exists():
        raise NotAllowed
    if deed == Deed.CLOSE:
        close_account(account=account, by=by, reason=cause.value)
        return account
    end_sessions(account=account)
    record(
        verb="sign-out", subject="account", subject_id=account.pk, by=by.key,
        municipality=person.municipality_id, reason=cause.value,
    )  # fmt: skip
    return account


@transaction.atomic
def reopen_account(*, person: Person, by: Actor) -> Account:
    """Let somebody sign in again; it gives no role back and begins no session.

    What was erased is not there any more, so that it cannot come back. Nobody opens their own,
    nor an account that they share (four eyes). Raises NotAllowed, NotClosed.
    """
    if not by.may_all("account.reopen") or by.municipality != person.municipality_id:
        raise NotAllowed
    account = Account.objects.select_for_update().filter(persons=person).first()
    if account is None or account.is_active:
        raise NotClosed
    if by.person and account.persons.filter(pk=by.person).exists():
        raise NotAllowed
    account.is_active = True
    account.save(update_fields=["is_active"])
    record(
        verb="reopen", subject="account", subject_id=account.pk, by=by.key,
        municipality=person.municipality_id,
    )  # fmt: skip
    return account
