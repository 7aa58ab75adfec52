"""Accounts, sessions, persons, organisations, memberships, reviews, grounds and retention."""

from omzien.people.logs.models import AccessLine, LogHead, ProcessingLine
from omzien.people.models.accounts import Account
from omzien.people.models.codes import SignInCode
from omzien.people.models.grounds import Ground, GroundEvent, GroundRecipient
from omzien.people.models.invitations import Invitation
from omzien.people.models.organisations import Absence, Membership, Organisation, Team
from omzien.people.models.persons import Mandate, MandateInvitation, Person, SamePerson
from omzien.people.models.retention import Batch, BatchLine, Hold, Tombstone
from omzien.people.models.reviews import AccessReview, ReviewLine
from omzien.people.models.sessions import Session

__all__ = [
    "Absence",
    "AccessLine",
    "AccessReview",
    "Account",
    "Batch",
    "BatchLine",
    "Ground",
    "GroundEvent",
    "GroundRecipient",
    "Hold",
    "Invitation",
    "LogHead",
    "Mandate",
    "MandateInvitation",
    "Membership",
    "Organisation",
    "Person",
    "ProcessingLine",
    "ReviewLine",
    "SamePerson",
    "Session",
    "SignInCode",
    "Team",
    "Tombstone",
]
