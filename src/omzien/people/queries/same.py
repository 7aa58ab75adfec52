"""Who acts as a resident for themselves, also where they were two persons in the books."""

from uuid import UUID

from omzien.people.models import SamePerson
from omzien.people.rules.roles import Actor


def is_self(by: Actor, person: UUID | None) -> bool:
    """Tell whether `by` is this resident, as a resident. Asks nothing where that is plain."""
    if by.person is None or person is None or by.membership or by.represents:
        return False
    if by.person == person:
        return True
    return SamePerson.objects.opening_to(by.person).filter(other=person).exists()
