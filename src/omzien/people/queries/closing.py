"""Why an account was closed: read by who opens it again, and by who oversees privacy."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from omzien.journal.models import Fact
from omzien.people.logs.models import AccessLine
from omzien.people.models import Person
from omzien.people.rules.closing import Cause, Deed
from omzien.people.rules.looking import Action

SHUT = {"close": Deed.CLOSE, "sign-out": Deed.SIGN_OUT}  # as its fact says it
AT_ONCE = timedelta(minutes=1)  # a line and a fact of the same deed


def why_closed(person: Person) -> tuple[datetime | None, Cause | None]:
    """Return when the account of somebody was closed last, and why; no cause if it was theirs."""
    facts = Fact.objects.filter(subject="account", subject_id=str(person.account_id), verb="close")
    last = facts.order_by("-at", "-pk").first()
    if last is None:
        return None, None
    given = last.details.get("reason", "")
    return last.at, Cause(given) if given in list(Cause) else None


def why_shut(lines: Iterable[AccessLine]) -> dict[int, tuple[Deed, Cause]]:
    """Return what was done to an account and why, for the lines of the log that are of that, by
    their key. The reason is in the fact that the same person left in the same moment.
    """
    changes = [one for one in lines if one.object_kind == "account" and one.about]
    changes = [one for one in changes if one.action == Action.CHANGE]
    if not changes:
        return {}
    persons = Person.objects.filter(pk__in={one.about for one in changes})
    accounts = {key: str(account) for key, account in persons.values_list("pk", "account")}
    facts = Fact.objects.filter(
        subject="account", verb__in=SHUT, subject_id__in=set(accounts.values()),
        municipality=changes[0].municipality,
    )  # fmt: skip
    found = {}
    for fact in facts:
        for line in changes:
            is_of_it = line.about and accounts.get(line.about) == fact.subject_id
            if is_of_it and line.actor == fact.actor and abs(line.at - fact.at) < AT_ONCE:
                found[line.pk] = SHUT[fact.verb], fact.details.get("reason", "")
    return {key: (deed, Cause(why)) for key, (deed, why) in found.items() if why in list(Cause)}
