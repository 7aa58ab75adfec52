"""Who asked without an account and signs in later gets what they asked as their own.

An address says which mailbox, not who: two people may share one, and anybody can fill one in. So
a person goes with an account only under a name that its owner has there, or says.
"""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from omzien.areas.models import Municipality
from omzien.journal.actions import record
from omzien.kernel.text import fold
from omzien.people.actions.codes import owner_of
from omzien.people.actions.invitations import still_asked
from omzien.people.actions.memberships import welcome_person
from omzien.people.models import Account, Invitation, Person
from omzien.people.refusals import MaybeKnown, TooManyNames
from omzien.people.rules.names import Meant, nearly_same, same_name
from omzien.people.rules.roles import Actor

MOST_NAMES = 5  # of who share one address


def owner_under(name: str, email: str) -> Account | None:
    """Return the account that proved an address, where its owner has this name too; or None."""
    account = owner_of(email)
    return account if account and _is_among(name, names_of(account)) else None


@transaction.atomic
def claim_persons(*, municipality: Municipality, account: Account) -> int:
    """Give an account the persons at its address that have no account yet, and its own name.

    Only for an account that just proved the address, by a code in the mail. Who was invited to
    work at this address takes that up: the code came to the same mailbox as the invitation, and
    the work itself still asks for the second step. Returns how many.
    """
    invited = Invitation.objects.filter(
        email__iexact=account.email or "", used_at=None, expires_at__gt=timezone.now()
    )
    keys = set(still_asked(invited).values_list("person", flat=True))
    known = names_of(account)
    found = [
        one
        for one in _unclaimed(municipality, account)
        if one.pk in keys or (_is_free(one) and _is_among(one.name, known))
    ]
    _claim(found, account)
    return len(found)


@transaction.atomic
def say_name(
    *, municipality: Municipality, account: Account, name: str, meant: Meant | None = None
) -> str:
    """Take the name of who signed in: what was asked under it at this address is theirs. Return
    the name by which they stand here: of one person the fuller one, as they say it themselves.

    Whom nobody knows yet is welcomed. While somebody else was written down at this address, or
    the name is nearly one that is known, whoever signed in first says what they `meant`: the same
    person under a name written a bit differently, or a new one. No other name is told.
    Raises TooManyNames, MaybeKnown.
    """
    Account.objects.select_for_update().get(pk=account.pk)
    known = names_of(account)
    if not _is_among(name, known) and len({fold(one) for one in known}) >= MOST_NAMES:
        raise TooManyNames
    rows = _unclaimed(municipality, account) if account.is_proven else ()
    free = [one for one in rows if _is_free(one)]
    near = [one for one in free if nearly_same(one.name, name)]
    found = [one for one in free if same_name(one.name, name)]
    is_near = bool(near) or any(nearly_same(one, name) for one in known)
    is_new = not found and fold(name) not in {fold(one) for one in known}
    if is_new and meant is None and (free or is_near):
        raise MaybeKnown(is_near=is_near)
    is_same = meant == Meant.SAME and is_near
    mine = [*found, *near] if is_same else found
    _claim(mine, account)
    if is_new and not is_same:
        welcome_person(
            municipality=municipality, name=name, email=account.email or "", account=account,
            by=Actor(municipality.code),
        )  # fmt: skip
        return name
    if len(found) == 1:
        _name_fuller(found[0], name)
    stands = [*(one.name for one in mine), *known]
    alike = [one for one in stands if same_name(one, name) or nearly_same(one, name)]
    return alike[0] if alike else name


def _name_fuller(person: Person, name: str) -> None:
    """Write down the whole name of who gave a part of it before."""
    if set(fold(person.name).split()) < set(fold(name).split()):
        person.name = name
        person.save(update_fields=["name"])
        record(
            verb="name", subject="person", subject_id=person.pk, by=str(person.pk),
            municipality=person.municipality_id,
        )  # fmt: skip


def names_of(account: Account) -> list[str]:
    """Return the names of who use an account, in the municipality of this transaction."""
    return list(Person.objects.filter(account=account).values_list("name", flat=True))


def unnamed(account: Account) -> QuerySet[Person]:
    """Return who was written down with the address of an account, and whom nobody said to be."""
    if not account.email or not account.is_proven:
        return Person.objects.none()
    address = account.email.casefold()
    return Person.objects.filter(account=None, email=address, memberships=None)


def _unclaimed(municipality: Municipality, account: Account) -> Iterable[Person]:
    if not account.email:
        return ()
    rows = Person.objects.select_for_update(of=("self",)).prefetch_related("memberships")
    address = account.email.casefold()
    return rows.filter(municipality=municipality, account=None, email=address)


def _is_free(person: Person) -> bool:
    return not person.memberships.all()


def _is_among(name: str, names: Iterable[str]) -> bool:
    return any(same_name(name, one) for one in names)


def _claim(found: Iterable[Person], account: Account) -> None:
    for one in found:
        one.account = account
        one.save(update_fields=["account"])
        record(
            verb="claim",
            subject="person",
            subject_id=one.pk,
            by=str(one.pk),
            municipality=one.municipality_id,
        )
