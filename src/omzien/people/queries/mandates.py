"""What a proxy may do now. Asked anew at every request and action, and never kept."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.utils import timezone

from omzien.people.models import Mandate
from omzien.people.models.closeness import selves
from omzien.people.models.persons import MandateQuerySet
from omzien.people.queries.same import is_self
from omzien.people.rules.roles import Actor, Scope

# What opens a question to a proxy; getting a mail alone does not.
OPENS = [Mandate.What.LOOK.value, Mandate.What.TALK.value, Mandate.What.ACT.value]


def allows(by: Actor, what: Mandate.What, *, on: date) -> bool:
    """Tell whether somebody speaks for a resident with a mandate for this."""
    if by.person is None or by.represents is None:
        return False
    live = Mandate.objects.live(on=on).filter(resident=by.represents, proxy=by.person)
    return live.filter(what__contains=[what]).exists()


def decides(by: Actor, *, on: date) -> bool:
    """Tell whether who is here decides: the resident, or a proxy whose mandate is to act."""
    return by.represents is None or allows(by, Mandate.What.ACT, on=on)


def decides_for(by: Actor, resident: UUID | None, *, verb: str) -> bool:
    """Tell whether `by` is this resident, or a proxy of theirs whose mandate is to act, and their
    role has the verb.
    """
    reach = by.may(verb)
    if Scope.OWN in reach and is_self(by, resident):
        return True
    for_them = Scope.MANDATE in reach and by.represents == resident
    return for_them and allows(by, Mandate.What.ACT, on=timezone.localdate())


def only_mailed(by: Actor, *, on: date) -> bool:
    """Tell whether somebody is here by a mandate that gives them mail, and opens no question."""
    held = Mandate.objects.live(on=on).filter(resident=by.represents, proxy=by.person)
    return by.represents is not None and not held.filter(what__overlap=OPENS).exists()


def who_reads_along(
    resident: UUID, *, on: date, about_money: bool, but: UUID | None = None
) -> list[str]:
    """Return the names of who may read a question of a resident by a mandate, except `but`: one
    that is about money alone, or another.
    """
    live = _live(on, about_money=about_money).filter(resident=resident, what__overlap=OPENS)
    found = live.exclude(proxy=but) if but else live
    return list(found.order_by("proxy__name").values_list("proxy__name", flat=True))


def stands_still(resident: UUID | None, proxy: UUID, *, on: date) -> bool:
    """Tell whether a proxy, by whichever name, was stopped because they and the resident are in
    conflict: their mandate is suspended, or was when it ended, and no other holds now.
    """
    held = Mandate.objects.filter(selves(proxy, "proxy"), resident=resident)
    return held.filter(suspended_at__isnull=False).exists() and not held.live(on=on).exists()


class Decider(NamedTuple):
    """Somebody who had a mandate to act: the key is for the access log."""

    key: UUID
    name: str


def deciders(resident: UUID | None, keys: Iterable[str]) -> dict[str, Decider]:
    """Return who of `keys`, random keys in a fact, had a mandate to act for a resident, then or
    now. Without keys nothing is asked.
    """
    wanted = set(keys)
    held = Mandate.objects.filter(resident=resident, what__contains=[Mandate.What.ACT])
    rows = held.values_list("proxy", "proxy__name") if wanted else ()
    return {str(key): Decider(key, name) for key, name in rows if str(key) in wanted}


def proxies_of(resident: UUID | None) -> dict[str, str]:
    """Return the names of who has or had a mandate of a resident, by their random keys."""
    rows = Mandate.objects.filter(resident=resident).values_list("proxy", "proxy__name")
    return {str(key): name for key, name in rows}


def receivers(resident: UUID | None, *, on: date, about_money: bool) -> list[str]:
    """Return the mail addresses of who gets messages for a resident by mandate, of a question
    that is about money alone, or another.
    """
    live = _live(on, about_money=about_money).filter(
        resident=resident, what__contains=[Mandate.What.RECEIVE]
    )
    found = live.exclude(proxy__email="").values_list("proxy__email", flat=True)
    return sorted({one.casefold() for one in found})


def deciding_receivers(resident: UUID | None, *, on: date) -> set[str]:
    """Return which of those addresses are of who may also decide for the resident."""
    live = Mandate.objects.live(on=on).filter(
        resident=resident, what__contains=[Mandate.What.RECEIVE, Mandate.What.ACT]
    )
    return {one.casefold() for one in live.values_list("proxy__email", flat=True)} - {""}


def told_only(resident: UUID | None, *, on: date, about_money: bool) -> set[str]:
    """Return which of those addresses get mail and open no question: a link there stays shut."""
    live = Mandate.objects.live(on=on).filter(resident=resident, what__overlap=OPENS)
    opens = {one.casefold() for one in live.values_list("proxy__email", flat=True)}
    return set(receivers(resident, on=on, about_money=about_money)) - opens


def mailed_alone(resident: UUID | None, *, on: date, about_money: bool) -> MandateQuerySet:
    """Return the mandates of a resident that give mail of such a question, and open none."""
    held = _live(on, about_money=about_money).filter(resident=resident)
    return held.exclude(what__overlap=OPENS)


def _live(on: date, *, about_money: bool) -> MandateQuerySet:
    live = Mandate.objects.live(on=on)
    return live if about_money else live.of_all()
