"""Accounts, sessions, persons, organisations, memberships and reviews."""

from omzien.people.models.accounts import Account
from omzien.people.models.codes import SignInCode
from omzien.people.models.invitations import Invitation
from omzien.people.models.organisations import Absence, Membership, Organisation, Team
from omzien.people.models.persons import Mandate, Person
from omzien.people.models.reviews import AccessReview, ReviewLine
from omzien.people.models.sessions import Session

__all__ = [
    "Absence",
    "AccessReview",
    "Account",
    "Invitation",
    "Mandate",
    "Membership",
    "Organisation",
    "Person",
    "ReviewLine",
    "Session",
    "SignInCode",
    "Team",
]
