"""Who acts as a resident for themselves, also where they were two persons in the books."""

from uuid import UUID

from omzien.people.models import Person, SamePerson
from omzien.people.rules.roles import Actor
from omzien.people.rules.same import One, stays


def is_self(by: Actor, person: UUID | None) -> bool:
    """Tell whether `by` is this resident, as a resident. Asks nothing where that is plain."""
    if by.person is None or person is None or by.membership or by.represents:
        return False
    if by.person == person:
        return True
    return SamePerson.objects.opening_to(by.person).filter(other=person).exists()


def one_person(person: UUID | None) -> set[UUID | None]:
    """Return the keys of all persons in the books who are this one (1 query)."""
    links = SamePerson.objects.around(person).values_list("person", "other")
    return {person, *(key for link in links for key in link)}


def rows_of_one(person: Person) -> list[Person]:
    """Return the persons whose data is that of `person`: those whose questions they read as their
    own, and last themselves. Who has an account of their own answers for that.
    """
    others = SamePerson.objects.opening_to(person.pk).values("other")
    return [*Person.objects.filter(pk__in=others).order_by("pk"), person]


def joined_with(by: Actor, person: UUID | None) -> SamePerson | None:
    """Return the link by which a resident follows what somebody else in the books asked.

    Asks nothing where it is their own, or that of whom they speak for.
    """
    if by.membership or person is None or person in (by.person, by.represents):
        return None
    return SamePerson.objects.opening_to(by.person).filter(other=person).first()


def in_order(first: Person, second: Person) -> tuple[Person, Person]:
    """Return who stays and who is the same, of two persons who would be joined."""
    keys = [first.pk, second.pk]
    kept = set(SamePerson.objects.live().filter(person__in=keys).values_list("person", flat=True))
    ones = [One(one.pk, one.account_id, one.created_at, one.pk in kept) for one in (first, second)]
    return (first, second) if stays(*ones) is ones[0] else (second, first)
