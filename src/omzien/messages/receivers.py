"""Who may get a waiting mail of this app now, by the first word of its key."""

from collections.abc import Mapping

from django.utils import timezone

from omzien.messages import mandates
from omzien.messages.elsewhere import ELSEWHERE
from omzien.messages.models import Message
from omzien.messages.rights import Check, among, is_one_of
from omzien.people.models import Batch, Invitation, Mandate, Membership, Person
from omzien.people.queries.mailboxes import of_functional_managers


def _of_person(person: Person) -> set[str]:
    account = person.account
    return {person.email, (account.email if account else "") or ""} - {""}


def _of_request(batch: Batch) -> set[str]:
    persons = Person.objects.filter(pk__in=batch.lines.values("person"))
    return {one for person in persons.select_related("account") for one in _of_person(person)}


def _invited(invitation: Invitation) -> set[str]:
    is_open = invitation.used_at is None and invitation.expires_at > timezone.now()
    return {invitation.email} if is_open else set()


def _of_role(membership: Membership) -> set[str]:
    here = Membership.objects.at_work(on=timezone.localdate()).filter(pk=membership.pk)
    return _of_person(membership.person) if here.exists() else set()


def _keeps_omzien(message: Message) -> bool:
    managers = of_functional_managers(message.municipality_id, on=timezone.localdate())
    return is_one_of(message, managers)


CHECKS: Mapping[str, Check] = {
    mandates.PREFIX: mandates.may_still_go,
    "mandate-over": among(
        Mandate, lambda row: {row.resident.email, row.proxy.email} - {""}, "resident", "proxy"
    ),
    "erasing-waits": among(Batch, _of_request),
    "erasing-refused": among(Batch, _of_request),
    "file-made": among(Person, _of_person, "account"),
    "invitation": among(Invitation, _invited),
    ELSEWHERE: _keeps_omzien,
    "role-given": among(Membership, _of_role, "person__account"),
}
