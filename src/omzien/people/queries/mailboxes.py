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
    """Return where the one who holds something is reached, or their cover; maybe nowhere."""
    if holder is None:
        return []
    away = Absence.objects.on(on).filter(membership=holder).first()
    if away is not None:
        return of_holder(away.cover, on=on) if away.cover_id != holder.pk else []
    live = Membership.objects.live(on=on).filter(pk=holder.pk, person__account__is_active=True)
    found = live.exclude(person__email="").values_list("person__email", flat=True).first()
    return [found.casefold()] if found else []
