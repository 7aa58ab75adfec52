"""What each refusal of people, teams and roles says to who did it."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from omzien.people import refusals

SAID = {
    refusals.NotAllowed: _("Dat mag je in deze rol niet doen."),
    refusals.NeedsTeam: _("Kies een team. Wie aan hulpvragen werkt, hoort bij een team."),
    refusals.HasNoTeam: _("Deze rol is voor de hele gemeente. Kies: Geen team."),
    refusals.NotOwnOrganisation: _(
        "Deze rol is voor de hele gemeente. Kies de organisatie van de gemeente zelf."
    ),
    refusals.NotIndependent: _(
        "De privacyfunctionaris houdt toezicht op het werk. Die rol gaat niet samen met een rol "
        "waarin iemand dat werk doet of leidt."
    ),
    refusals.WrongTeam: _(
        "Dit team is het loket van een andere organisatie, of het werkt niet meer."
    ),
    refusals.AlreadyHas: _("Deze persoon heeft deze rol al."),
    refusals.AlreadyEnded: _("Deze rol is al beëindigd."),
    refusals.WrongDates: _("De laatste dag ligt voor de eerste dag."),
    refusals.AlreadyAway: _("In deze periode is deze persoon al afwezig gemeld."),
    refusals.CannotCover: _("Deze vervanger heeft geen rol waarin dit werk gedaan kan worden."),
    refusals.CoverIsAway: _("Deze vervanger is in die periode zelf afwezig of heeft dan geen rol."),
    refusals.TeamWorks: _(
        "In dit team werken nog mensen, of het is het team dat alles opvangt."
    ),
    refusals.NameTaken: _("Deze naam bestaat al. Kies een andere naam."),
    refusals.WorksElsewhere: _(
        "Deze organisatie werkt ook in een andere gemeente. Daarom kan dit hier niet."
    ),
    refusals.HasEnded: _("Deze organisatie is opgeheven. Kies een andere."),
    refusals.NoSecondStep: _("Deze persoon heeft geen tweede stap."),
    refusals.NotOpen: _("Dit account is al gesloten."),
    refusals.NotClosed: _("Dit account is al open."),
    refusals.NothingOpen: _("Hierover is al besloten."),
    refusals.NeedsBirthday: _("Vul in wanneer het kind is geboren."),
    refusals.WrongBirthday: _("Deze geboortedatum moet nog komen. Kijk de datum na."),
    refusals.OwnAddress: _(
        "Dit ben je zelf. Laat een collega vastleggen dat jij voor deze inwoner beslist."
    ),
    refusals.WrongPaper: _(
        "De identiteitsbewijzen van ouder en kind passen alleen bij een ouder. Kies het papier "
        "dat je zag."
    ),
    refusals.NeedsChild: _("Een kind van 12 jaar of ouder moet dit zelf ook goed vinden."),
    refusals.SpeaksAlone: _(
        "Vanaf 16 jaar beslist iemand zelf. Die kan zelf een ouder machtigen, op de eigen pagina."
    ),
    refusals.AccountClosed: _(
        "Het account van deze persoon is gesloten. Heropen het eerst, of kies iemand anders."
    ),
    refusals.MoneyOnly: _(
        "Een bewindvoerder beslist alleen over geld. Kies meekijken, meepraten of een mail krijgen."
    ),
}  # fmt: skip

# What is wrong with a role that somebody has, and what to do about it.
BROKEN: dict[type[refusals.Refused], Any] = {
    refusals.HasEnded: _("Deze organisatie is opgeheven. Beëindig de rol."),
    refusals.HasNoTeam: _(
        "Deze rol is voor de hele gemeente en hoort niet bij een team. "
        "Geef de rol opnieuw, zonder team, en beëindig deze."
    ),
    refusals.NotOwnOrganisation: _(
        "Deze rol is voor de hele gemeente. Hij kan alleen voor de organisatie van de gemeente "
        "zelf. Geef de rol opnieuw, voor die organisatie, en beëindig deze."
    ),
    refusals.WrongTeam: _(
        "Dit team werkt niet meer, of het is het loket van een andere organisatie. "
        "Geef de rol opnieuw, in een team dat past, en beëindig deze."
    ),
    refusals.NotIndependent: _(
        "De privacyfunctionaris houdt toezicht op het werk, en heeft er zelf geen rol in. "
        "Kies welke rol blijft, en beëindig de andere."
    ),
}


def said(refusal: refusals.Refused) -> str:
    """Return the sentence for a refusal."""
    return str(SAID[type(refusal)])
