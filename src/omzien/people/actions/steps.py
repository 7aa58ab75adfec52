"""Taking away the second step of somebody who lost it, recovery codes and all."""

from django.db import transaction
from django.utils import timezone

from omzien.journal.actions import record
from omzien.people.actions.sessions import end_sessions
from omzien.people.models import Account, Membership, Person
from omzien.people.refusals import NoSecondStep, NotAllowed
from omzien.people.rules.roles import Actor
from omzien.people.rules.steps import Reason


@transaction.atomic
def take_second_step_away(*, person: Person, reason: Reason, by: Actor) -> Account:
    """Take it away and sign the account out everywhere; it is set up anew at the next sign-in.

    The password stays and is still needed. Nobody does this for themselves, nor for another
    person who shares their account (four eyes). Raises NotAllowed, NoSecondStep.
    """
    holds = Membership.objects.managed_by(by, "second_step.remove").filter(person=person)
    if not holds.live(on=timezone.localdate()).exists():
        raise NotAllowed
    account = Account.objects.select_for_update().filter(persons=person).first()
    if account is None:
        raise NoSecondStep
    if by.person and account.persons.filter(pk=by.person).exists():
        raise NotAllowed
    steps = account.authenticator_set  # type: ignore[attr-defined]  # the table of django-allauth
    if not steps.exists():
        raise NoSecondStep
    steps.all().delete()
    end_sessions(account=account)
    record(
        verb="take-away",
        subject="second-step",
        subject_id=person.pk,
        by=by.key,
        municipality=person.municipality_id,
        reason=reason.value,
    )
    return account
