"""Mandates by law, and conflicts: what a team does for a resident whose question it owns."""

from datetime import datetime

from django.db import transaction

from omzien.messages.mandates import ask_legal_proxy
from omzien.people.actions.mandates import Proxy, suspend_mandate, take_back_legal
from omzien.people.models import Mandate, MandateInvitation
from omzien.people.rules.roles import Actor
from omzien.questions.actions.writing import locked_owned
from omzien.questions.models import Question
from omzien.questions.refusals import NotAllowed


@transaction.atomic
def record_legal_mandate(
    *,
    question: Question,
    proxy: Proxy,
    kind: Mandate.Kind,
    evidence: Mandate.Evidence,
    by: Actor,
    now: datetime,
) -> MandateInvitation:
    """Record who speaks by law for the resident of a question of the own team.

    Raises NotAllowed and NotLive, and what `record_legal_proxy` of people does.
    """
    row = locked_owned(question, by=by, verb="mandate.record")
    if row.person is None:
        raise NotAllowed
    return ask_legal_proxy(
        resident=row.person, proxy=proxy, kind=kind, evidence=evidence, by=by, now=now
    )


@transaction.atomic
def take_back_legal_mandate(
    *, question: Question, invitation: MandateInvitation, by: Actor, now: datetime
) -> None:
    """Take back who was recorded to speak by law, before they answered.

    Raises NotAllowed and NotLive, and AlreadyEnded of people.
    """
    row = locked_owned(question, by=by, verb="mandate.record")
    if invitation.resident_id != row.person_id:
        raise NotAllowed
    take_back_legal(invitation=invitation, by=by, now=now)


@transaction.atomic
def suspend_for(
    *, question: Question, mandate: Mandate, is_on: bool, by: Actor, now: datetime
) -> Mandate:
    """Suspend a mandate of the resident of a question of the own team, or let it hold again.

    Raises NotAllowed, NotLive, and WrongMove of people.
    """
    row = locked_owned(question, by=by, verb="mandate.suspend")
    if mandate.resident_id != row.person_id:
        raise NotAllowed
    return suspend_mandate(mandate=mandate, is_on=is_on, by=by, now=now)
