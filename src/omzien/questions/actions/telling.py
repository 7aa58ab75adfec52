"""Mails that say that something waits: never what it is about, and never about whom."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone

from omzien.areas.models import Municipality
from omzien.messages.letters import write_to
from omzien.people.models import Team
from omzien.people.queries.mailboxes import of_coordinators, of_privacy_officers, of_team
from omzien.questions.mails import MAILS


def say(
    municipality: Municipality | str,
    what: str,
    key: object,
    recipients: Iterable[str],
    *,
    path: str = "",
    **words: str,
) -> None:
    """Write a mail about a question to each, once for this key, with a link to where to look."""
    town = (
        municipality
        if isinstance(municipality, Municipality)
        else Municipality.objects.get(pk=municipality)
    )
    write_to(
        recipients,
        MAILS,
        what,
        municipality=town,
        key=f"{what}:{key}",
        path=path or reverse("today"),
        **words,
    )


def mailboxes(team: Team) -> list[str]:
    """Return where a team reads mail now: its own address, or else of each who works there."""
    return of_team(team, on=timezone.localdate())


def coordinators(team: Team) -> list[str]:
    """Return the addresses of who coordinates a team now; without one, those of the team."""
    return of_coordinators(team, on=timezone.localdate()) or mailboxes(team)


def privacy_officers(municipality: str) -> list[str]:
    """Return the addresses of who oversees privacy now."""
    return of_privacy_officers(municipality, on=timezone.localdate())
