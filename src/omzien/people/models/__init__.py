"""Accounts, persons, organisations, memberships, reviews, grounds and retention."""

from omzien.people.models.accounts import Account
from omzien.people.models.grounds import Ground, GroundEvent, GroundRecipient
from omzien.people.models.organisations import Absence, Membership, Organisation, Team
from omzien.people.models.persons import Mandate, Person
from omzien.people.models.retention import Batch, BatchLine, Hold, Tombstone
from omzien.people.models.reviews import AccessReview, ReviewLine

__all__ = [
    "Absence",
    "AccessReview",
    "Account",
    "Batch",
    "BatchLine",
    "Ground",
    "GroundEvent",
    "GroundRecipient",
    "Hold",
    "Mandate",
    "Membership",
    "Organisation",
    "Person",
    "ReviewLine",
    "Team",
    "Tombstone",
]
