"""Taking up an invitation: the link in the mail gives a person their way to sign in."""

from datetime import timedelta
from uuid import UUID

from django.core import signing
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from omzien.journal.actions import record
from omzien.people.models import Account, Invitation, Membership, Person
from omzien.people.refusals import LinkBroken, LinkExpired, LinkUsed, NotAllowed, RoleEnded
from omzien.people.rules.roles import Actor

WORKS_FOR = timedelta(days=7)
_SIGNER = "omzien.people.invitation"


@transaction.atomic
def open_invitation(*, person: Person, by: Actor) -> Invitation:
    """Make the one link of a person; an older one stops working.

    Who gives all roles invites anybody; a coordinator the people of the own team. Raises
    NotAllowed.
    """
    managed = Membership.objects.managed_by(by).filter(person=person, ended_at=None)
    if not by.may_all("membership.manage") and not managed.exists():
        raise NotAllowed
    # The person is locked, so that two invitations at one moment are one after the other.
    locked = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    Invitation.objects.filter(person=locked, used_at=None).delete()
    invitation = Invitation.objects.create(
        municipality_id=locked.municipality_id,
        person=locked,
        email=locked.email,
        expires_at=timezone.now() + WORKS_FOR,
    )
    _record("invite", invitation, by.key)
    return invitation


def token_for(invitation: Invitation) -> str:
    """Return the signed part of the link."""
    return signing.Signer(salt=_SIGNER).sign(invitation.pk.hex)


def invitation_of(token: str) -> Invitation:
    """Return the invitation that a link is for; looking at it changes nothing.

    Raises LinkBroken, LinkExpired, LinkUsed, RoleEnded.
    """
    try:
        key = UUID(signing.Signer(salt=_SIGNER).unsign(token))
    except (signing.BadSignature, ValueError):
        raise LinkBroken from None
    return _checked(Invitation.objects.select_related("person", "municipality").filter(pk=key))


@transaction.atomic
def accept_with_password(*, token: str, password: str) -> Account:
    """Give the invited person an account with a password, at the address that got the mail.

    An account that has this address gets the new password: who reads its mail could have set
    one anyway. A second factor that it has stays needed. Raises LinkBroken, LinkExpired,
    LinkUsed, RoleEnded.
    """
    invitation = _locked(invitation_of(token))
    account = Account.objects.filter(email=invitation.email.casefold()).first()
    if account is None:
        account = Account.objects.create_user(invitation.email)
    account.set_password(password)
    account.is_proven = True
    account.save()
    return _accept(invitation, account)


@transaction.atomic
def accept_with(*, invitation: UUID, account: Account) -> Account:
    """Give the invited person an account that proved itself by municipal sign-on.

    Raises LinkBroken, LinkExpired, LinkUsed, RoleEnded.
    """
    found = _checked(Invitation.objects.filter(pk=invitation))
    return _accept(_locked(found), account)


def _accept(invitation: Invitation, account: Account) -> Account:
    invitation.used_at = timezone.now()
    invitation.save(update_fields=["used_at"])
    Person.objects.filter(pk=invitation.person_id).update(account=account)
    _record("accept-invitation", invitation, str(invitation.person_id))
    return account


def _locked(invitation: Invitation) -> Invitation:
    """Lock the row and look once more: of two people with one link the second is too late."""
    return _checked(Invitation.objects.select_for_update(of=("self",)).filter(pk=invitation.pk))


def _checked(found: QuerySet[Invitation]) -> Invitation:
    invitation = found.first()
    if invitation is None:
        raise LinkBroken
    if invitation.used_at:
        raise LinkUsed
    if invitation.expires_at < timezone.now():
        raise LinkExpired
    if not still_asked(found).exists():
        raise RoleEnded
    return invitation


def still_asked(invitations: QuerySet[Invitation]) -> QuerySet[Invitation]:
    """Return the invitations but those for roles that all ended, or whose organisation did.

    Who never had a role here may still get one by the groups of municipal sign-on.
    """
    roles = Membership.objects.filter(person=OuterRef("person"))
    held = Membership.objects.unended(on=timezone.localdate()).filter(
        person=OuterRef("person"), organisation__ended_at=None
    )
    return invitations.filter(Exists(held) | ~Exists(roles))


def _record(verb: str, invitation: Invitation, by: str) -> None:
    record(
        verb=verb,
        subject="person",
        subject_id=invitation.person_id,
        by=by,
        municipality=invitation.municipality_id,
    )
