"""Who looked, when and why: the person's own view of the access log (NEN 7513, AVG art. 15)."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from omzien.journal.isolation import current
from omzien.people.logs.models import AccessLine, ProcessingLine
from omzien.people.logs.reading import subject_id
from omzien.people.logs.words import (
    for_you_text,
    purpose_text,
    role_name,
    sentence,
    times_text,
    who_text,
)
from omzien.people.rules.looking import Line, merged
from omzien.people.rules.processing import CONFIDENTIAL
from omzien.people.rules.roles import Role

CHUNK = 1000
NOBODY: Mapping[str, str] = {}
OF_A_PROXY = (Role.PROXY, Role.RESIDENT)  # in any other role they were at work


@dataclass(frozen=True)
class Look:
    """One line of the overview; `times` similar lines of a day are one."""

    day: date
    organisation: str
    role: str
    did: str
    purpose: str
    times: int
    by_self: bool
    on_behalf: bool
    """Somebody did this for somebody else."""
    proxy: str = ""
    """The name of who did it by a mandate of the person who reads this."""

    @property
    def who(self) -> str:
        """Return who it was, as page and file say it."""
        if self.proxy:
            return for_you_text(self.proxy)
        somebody = ", ".join(filter(None, [self.role, self.organisation]))
        return who_text(somebody, by_self=self.by_self, on_behalf=self.on_behalf)

    @property
    def what(self) -> str:
        """Return what was done, and how often."""
        return times_text(self.did, self.times)


def lines_about(person: UUID | str) -> "QuerySet[AccessLine]":
    """Return all access lines about a person in the municipality of this transaction.

    Where a line is about several persons, the processing log tells who they were.
    """
    mine = ProcessingLine.objects.filter(data_subject_id=subject_id(current(), person))
    among_others = AccessLine.objects.filter(
        about=None, operation_id__in=mine.values("access_operation_id")
    )
    # Two queries with an index each; one with OR would walk the whole log.
    keys = AccessLine.objects.filter(about=person).values("pk").union(among_others.values("pk"))
    return AccessLine.objects.filter(pk__in=keys)


def who_looked(
    person: UUID | str,
    *,
    organisation_name: Callable[[str], str],
    name_of_role: Callable[[str], str] = role_name,
    things: Collection[UUID] | None = None,
    reader: UUID | None = None,
    proxies: Mapping[str, str] = NOBODY,
    hidden: Collection[str] = (),
) -> list[Look]:
    """Return who did what with a person's data, newest first, without confidential activities.

    `organisation_name` gives the name of an organisation by its id, "" where it has none.
    `things` are keys, for the lines about those only; `reader` is who reads this list, if that
    is not the person. `proxies` are the names, by their keys, of who the reader gave a mandate.
    `hidden` are the keys of who reads because of a danger of which the reader may not know.
    """
    shown = lines_about(person).exclude(purpose__in=CONFIDENTIAL).exclude(actor__in=hidden)
    if things is not None:
        shown = shown.filter(object_id__in=[str(key) for key in things])
    rows = _plain(shown.order_by("-at", "pk"), reader or UUID(str(person)), proxies)
    return [
        Look(
            day=line.day,
            organisation=organisation_name(line.organisation) if line.organisation else "",
            role=name_of_role(line.role),
            did=sentence(line.action, line.result),
            purpose=purpose_text(line.purpose, by_self=line.by_self and not line.on_behalf),
            times=times,
            by_self=line.by_self,
            on_behalf=line.on_behalf,
            proxy=line.proxy,
        )
        for line, times in merged(rows)
    ]


def _plain(
    lines: "QuerySet[AccessLine]", person: UUID, proxies: Mapping[str, str]
) -> Iterator[Line]:
    for line in lines.iterator(chunk_size=CHUNK):
        by_self = line.actor == str(person)
        # Of somebody else the name of the role says already that it is for another.
        adds = by_self or line.role != Role.PROXY
        yield Line(
            day=timezone.localdate(line.at),
            organisation=line.organisation,
            role=line.role,
            action=line.action,
            result=line.result,
            purpose=line.purpose,
            by_self=by_self,
            on_behalf=line.on_behalf_of is not None and adds,
            proxy=proxies.get(line.actor, "") if line.role in OF_A_PROXY else "",
        )
