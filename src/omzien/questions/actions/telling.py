"""Mails that say that something waits: never what it is about, and never about whom."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from omzien.areas.models import Municipality
from omzien.messages.letters import tell_shortly
from omzien.people.models import Team
from omzien.people.queries.mailboxes import of_coordinators, of_privacy_officers, of_team

TEXTS: dict[str, tuple[Any, Any]] = {
    "crisis": (
        _("Een vraag is acuut"),
        _("Er is een acute vraag. Kijk nu in Omzien en laat weten dat je hem oppakt."),
    ),
    "phone-tree": (
        _("Niemand heeft een acute vraag opgepakt"),
        _("Een acute vraag wacht. Niemand liet weten dat die hem oppakt. Bel nu: %(phones)s. "
          "In Omzien staat wie je daarna kunt bellen."),
    ),
    "emergency": (
        _("Iemand las een vraag in nood"),
        _("Iemand van een ander team opende een vraag met de noodknop. Kijk in Omzien na of dat "
          "terecht was. Daar staat ook tot wanneer dat kan."),
    ),
    "emergency-late": (
        _("Een noodinzage is nog niet nagekeken"),
        _("De termijn is voorbij. Kijk de noodinzage in Omzien na."),
    ),
    "emergency-told": (
        _("Iemand las je vraag in nood"),
        _("Iemand van een ander team las je vraag, omdat wachten niet kon. In Omzien zie je "
          "wie dat was."),
    ),
    "signal": (
        _("Iemand maakt zich zorgen om een ander"),
        _("Er is een melding voor je team. In Omzien staat tot wanneer je haar kunt oppakken."),
    ),
    "signal-late": (
        _("Een melding wacht te lang"),
        _("Een melding van zorgen om iemand is over de termijn. Kijk in Omzien wat er nodig is."),
    ),
    "signal-picked-up": (
        _("Je melding is opgepakt"),
        _("Dank je wel dat je je zorgen deelde. Iemand van het team heeft je melding opgepakt. "
          "Meer mogen we je niet vertellen. Zo beschermen we de ander."),
    ),
    "early-late": (
        _("Een gesprek is nog niet aangeboden"),
        _("Een signaal van een partner wacht langer dan vier weken. Bied het gesprek aan."),
    ),
    "discussion": (
        _("Je team is uitgenodigd voor een overleg"),
        _("In Omzien staat wanneer het is, waar, en waarvoor."),
    ),
    "discussion-resident": (
        _("Je bent uitgenodigd voor een overleg over je vraag"),
        _("In Omzien zie je wanneer het is, waar, en wie er komen. Je mag iemand meenemen."),
    ),
    "aftercare-mail": (
        _("Is het opgelost?"),
        _("Een tijd geleden rondden we je vraag af. Hoe gaat het nu? Je antwoord kost één "
          "minuut. De link werkt acht weken."),
    ),
    "aftercare-call": (
        _("Bel iemand: is het opgelost?"),
        _("Van iemand met een afgeronde vraag is geen mailadres bekend. Bel om te vragen hoe "
          "het nu gaat."),
    ),
    "reopened": (
        _("Een vraag is weer open"),
        _("Een inwoner laat weten dat het niet is opgelost. De vraag staat weer bij je team."),
    ),
    "objection": (
        _("Iemand is het niet eens met een besluit"),
        _("Jij geeft antwoord, want jij bent niet degene die de vraag vasthoudt. In Omzien staat "
          "tot wanneer dat kan."),
    ),
    "objection-late": (
        _("Een bezwaar heeft nog geen antwoord"),
        _("De termijn is voorbij. Kijk in Omzien wie antwoord geeft."),
    ),
    "same-person": (
        _("Twee van je vragen horen nu bij elkaar"),
        _("Je stond twee keer in Omzien. Daarom hebben we je vragen samengevoegd. Klopt dat niet? "
          "Zeg het dan in Omzien bij je vraag, of bel het team. We maken het weer los."),
    ),
    "two-persons": (
        _("Je vragen zijn weer los van elkaar"),
        _("We hadden vragen samengevoegd. Dat hebben we teruggedraaid. Klopt dat niet? Bel dan "
          "het team."),
    ),
    "route-proposed": (
        _("Een coördinator stelt een andere route voor"),
        _("In Omzien staat welk team welke vragen zou krijgen. Zeg daar ja of nee."),
    ),
    "route-answered": (
        _("Er is antwoord op het voorstel voor een andere route"),
        _("In Omzien staat of de functioneel beheerder het overneemt."),
    ),
    "objection-answered": (
        _("Er is antwoord op je bezwaar"),
        _("In Omzien lees je het antwoord, en wat je kunt doen als je het er niet mee eens bent."),
    ),
}  # fmt: skip


NO_LINK = "-"  # there is nothing for this reader to look at


def say(
    municipality: Municipality | str,
    what: str,
    key: object,
    recipients: Iterable[str],
    *,
    path: str = "",
    **words: str,
) -> None:
    """Mail one of the texts to each, once for this key, with a link to where to look."""
    town = (
        municipality
        if isinstance(municipality, Municipality)
        else Municipality.objects.get(pk=municipality)
    )
    tell_shortly(
        municipality=town,
        key=f"{what}:{key}",
        recipients=recipients,
        text=TEXTS[what],
        path=None if path == NO_LINK else path or reverse("today"),
        words=words,
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
