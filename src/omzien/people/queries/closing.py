"""Why an account was closed: read by who opens it again."""

from datetime import datetime

from omzien.journal.models import Fact
from omzien.people.models import Person
from omzien.people.rules.closing import Cause


def why_closed(person: Person) -> tuple[datetime | None, Cause | None]:
    """Return when the account of somebody was closed last, and why; no cause if it was theirs."""
    facts = Fact.objects.filter(subject="account", subject_id=str(person.account_id), verb="close")
    last = facts.order_by("-at", "-pk").first()
    if last is None:
        return None, None
    given = last.details.get("reason", "")
    return last.at, Cause(given) if given in list(Cause) else None
