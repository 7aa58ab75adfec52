"""Where a neighbour is reached by mail."""

from django.utils import timezone

from omzien.mediation.models import Party
from omzien.people.queries.mandates import receivers, told_only


def mailed(party: Party) -> list[str]:
    """Return the own address of a neighbour, and those of who may read their file and gets their
    messages by a mandate; never one by which the other neighbour is reached too.
    """
    others = Party.objects.filter(case=party.case_id).exclude(pk=party.pk)
    theirs = {address for one in others for address in (one.email, *_by_mandate(one))}
    own = [party.email] if party.email else []
    return [*own, *sorted(_by_mandate(party) - theirs - {*own})]


def _by_mandate(party: Party) -> set[str]:
    whose, today = party.person_id, timezone.localdate()
    if whose is None:
        return set()
    found = receivers(whose, on=today, about_money=False)
    return set(found) - told_only(whose, on=today, about_money=False)
