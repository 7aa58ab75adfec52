"""How the rows of a person are found and erased, and which rows have reached their term.

Each app has a `privacy.py` with a table SOURCES and a table TERMS; `omzien/web/privacy/sources.py`
lists them all and hands them in here, because this app may not know the ones above it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from django.db.models import Model, QuerySet
from django.utils.functional import Promise

from omzien.areas.models import Municipality
from omzien.journal.isolation import working_for
from omzien.people.models import Person
from omzien.people.privacy.mentions import Mentions
from omzien.people.queries.same import rows_of_one
from omzien.people.rules.names import may_be, same_name

Rows = Iterable[Model]


@dataclass(frozen=True)
class Subject:
    """The person whose data is looked for, with all by which rows can be known as theirs.

    An address that somebody else has too (one account, two people; or given for another) is not
    in `addresses`: what was sent there cannot be told apart. `inboxes` are those by which they
    alone sign in as well: what was sent there they read already, so it is shown to them.
    """

    person: UUID
    name: str
    municipality: str
    account: UUID | None
    shares_account: bool
    addresses: frozenset[str]
    inboxes: frozenset[str]
    mentions: Mentions


@dataclass(frozen=True)
class Source:
    """One place where data of a person is. `erase` returns how many rows it changed or removed.

    `blocks` says in Dutch what live work stands in the way of erasing, or ""; `ask_to_end` asks
    who does that work to end it, once. `keeps` tells whether something here has a term of its
    own, so that the person stays known until that is over.
    """

    code: str
    title: str | Promise
    find: Callable[[Subject], Rows]
    erase: Callable[[Subject], int]
    models: tuple[str, ...]
    blocks: Callable[[Subject], str] = lambda subject: ""
    ask_to_end: Callable[[Subject, date], None] = lambda subject, on: None
    keeps: Callable[[UUID], bool] = lambda person: False


def by_phone(rows: QuerySet[Any], subject: Subject) -> list[Any]:
    """Return the rows of nobody known with their number, and a name that can be theirs: a house
    has one number.
    """
    if not subject.mentions.patterns:
        return []
    named = rows.filter(phone__iregex=subject.mentions.pattern)
    return [one for one in named if may_be(one.name, subject.name)]


class Candidate(NamedTuple):
    """One thing of a kind with the day on which its term starts, and whose it is if known."""

    key: str
    start: date
    person: UUID | None = None


@dataclass(frozen=True)
class Term:
    """How a kind of rules/retention.py is found and destroyed, in the municipality at hand.

    `due` yields what may be due on a day, or only one key of it; the exact day is up to the
    rule. `every_key` yields all keys, for what is erased again after a restore; `again` does
    that, in whichever state the row came back, where that is not what `destroy` does.
    """

    kind: str
    due: Callable[[date], Iterable[Candidate]]
    destroy: Callable[[str], int]
    every_key: Callable[[], Iterable[object]]
    again: Callable[[str], int] | None = None


@dataclass
class _Known:
    sources: tuple[Source, ...] = ()
    terms: Mapping[str, Term] | None = None
    goodbye: Callable[[Person], None] = lambda person: None
    waits: Callable[[Person, UUID], None] = lambda person, batch: None


_known = _Known()


def use(
    sources: Iterable[Source],
    terms: Iterable[Term],
    goodbye: Callable[[Person], None],
    waits: Callable[[Person, UUID], None],
) -> None:
    """Set the tables, and who tells somebody that they were erased or that it waits; web/apps.py
    does so once when a process starts.
    """
    _known.goodbye, _known.waits = goodbye, waits
    _known.sources = tuple(sources)
    _known.terms = {term.kind: term for term in terms}


def sources() -> tuple[Source, ...]:
    """Return all sources, the highest app first, so that nothing hangs on what goes."""
    return _known.sources


def terms() -> Mapping[str, Term]:
    """Return kind → how it is found and destroyed."""
    return _known.terms or {}


def say_goodbye(person: Person) -> None:
    """Let somebody who asked for it hear that they were erased, once that is so."""
    _known.goodbye(person)


def say_it_waits(person: Person, *, batch: UUID, on: date) -> None:
    """Let somebody hear that their approved request waits, and who works for them what to end.

    It is said each day that it waits; who hears it twice is up to those who are told.
    """
    for subject in map(subject_of, rows_of_one(person)):
        for source in sources():
            source.ask_to_end(subject, on)
    _known.waits(person, batch)


def subject_of(person: Person) -> Subject:
    """Return all by which rows of a person are known."""
    account = person.account
    others = _others(person)
    shared = {text for other in others for text in (other.email.casefold(),) if text}
    if account is not None and others:
        shared.add((account.email or "").casefold())
    addresses = {person.email.casefold(), ((account.email if account else "") or "").casefold()}
    shared |= _of_somebody_else(person, addresses)
    mine = frozenset(addresses - shared - {""})
    signs_in = account.email.casefold() if account and account.email and not others else ""
    return Subject(
        person=person.pk,
        name=person.name,
        municipality=person.municipality_id,
        account=person.account_id,
        shares_account=bool(others),
        addresses=mine,
        inboxes=mine | ({signs_in} - {""}),
        mentions=Mentions.of(name=person.name, addresses=mine, phone=person.phone),
    )


def subject_by(*, municipality: str, address: str = "", phone: str = "") -> Subject:
    """Return the subject of an address or number of which no person is known here."""
    addresses = frozenset({address.casefold()} - {""})
    return Subject(
        person=uuid4(),
        name="",
        municipality=municipality,
        account=None,
        shares_account=False,
        addresses=addresses,
        inboxes=addresses,
        mentions=Mentions.of(name="", addresses=addresses, phone=phone),
    )


def _of_somebody_else(person: Person, addresses: set[str]) -> set[str]:
    """Return the addresses that were also given for somebody with another name, who never came."""
    rows = Person.objects.filter(
        municipality=person.municipality_id, account=None, email__in=addresses - {""}
    ).exclude(pk=person.pk)
    return {one.email for one in rows if not same_name(one.name, person.name)}


def _others(person: Person) -> list[Person]:
    """Return who else has this person's account, in all municipalities of this installation."""
    if person.account_id is None:
        return []
    found: list[Person] = []
    for code in Municipality.objects.exclude(host=None).values_list("pk", flat=True):
        with working_for(code):
            rows = Person.objects.filter(account=person.account_id, municipality=code)
            found += rows.exclude(pk=person.pk)
    return found


def rows_of(parts: Iterable[Any]) -> list[Any]:
    """Return the rows of several querysets in one list."""
    return [row for part in parts for row in part]
