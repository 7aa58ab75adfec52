"""Accounts, persons, organisations, memberships and reviews."""

from omzien.people.models.accounts import Account
from omzien.people.models.organisations import Absence, Membership, Organisation, Team
from omzien.people.models.persons import Mandate, Person
from omzien.people.models.reviews import AccessReview, ReviewLine

__all__ = [
    "Absence",
    "AccessReview",
    "Account",
    "Mandate",
    "Membership",
    "Organisation",
    "Person",
    "ReviewLine",
    "Team",
]
