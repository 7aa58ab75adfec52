"""Where somebody who works is reached by mail, as it is at this moment."""

from datetime import date

from omzien.people.models import Absence, Membership, Team


def of_team(team: Team, *, on: date) -> list[str]:
    """Return the team's own mailbox, or else that of each person that works there now."""
    if team.email:
        return [team.email.casefold()]
    live = Membership.objects.live(on=on).filter(team=team)
    live = live.exclude(person__email="").exclude(person__account__is_active=False)
    return sorted({one.casefold() for one in live.values_list("person__email", flat=True)})


def of_holder(holder: Membership | None, *, on: date) -> list[str]:
    """Return where the one who holds something is reached, or their cover; maybe nowhere.

    A circle of people who are all away ends with nobody.
    """
    seen: set[object] = set()
    while holder is not None and holder.pk not in seen:
        seen.add(holder.pk)
        away = Absence.objects.on(on).filter(membership=holder).select_related("cover").first()
        if away is None:
            live = Membership.objects.live(on=on).filter(pk=holder.pk)
            live = live.exclude(person__email="").exclude(person__account__is_active=False)
            return [one.casefold() for one in live.values_list("person__email", flat=True)]
        holder = away.cover
    return []
