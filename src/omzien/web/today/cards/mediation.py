"""The cards of neighbour mediation on the page of today."""

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from omzien.mediation.models import Case, Party, Seat
from omzien.mediation.queries.standing import coordinates, mediates
from omzien.mediation.rules.states import SeatState, State
from omzien.mediation.terms import team_of
from omzien.people.queries.hats import whom
from omzien.people.rules.roles import Actor
from omzien.web.today.card import Card


def of_neighbour(actor: Actor, on: date) -> Card | None:
    """Return the way to the own file, while there is one; urgent while words wait for a yes."""
    if not actor.may("mediation.follow"):
        return None
    rows = Party.objects.own(actor).filter(left_at=None).exclude(case__state=State.CLOSED)
    found = list(rows.select_related("case").prefetch_related("case__agreement")[:2])
    if not found:
        return None
    waits = any(one.case.state == State.AGREEING and not _said_yes(one) for one in found)
    text = _("Lees de afspraken na, en zeg of ze kloppen.") if waits else _("Kijk hoe het staat.")
    name = whom(actor)
    title = _("De buurtbemiddeling van %(whom)s") % {"whom": name} if name else ""
    link = (reverse("my-mediations"), _("Naar het dossier") if name else _("Naar je dossier"))
    return Card(title or _("Mijn buurtbemiddeling"), text, *link, urgent=waits)


def _said_yes(party: Party) -> bool:
    agreement = getattr(party.case, "agreement", None)
    if agreement is None:
        return True  # nothing to read yet
    return bool(agreement.first_yes_at if party.side == 1 else agreement.second_yes_at)


def of_mediator(actor: Actor, on: date) -> Card | None:
    """Return how many cases ask a mediator for a yes or a no, and how many run."""
    if not actor.may("mediation.mediate") or not mediates(actor):
        return None
    states = list(Seat.objects.own(actor).values_list("state", flat=True))
    asked = states.count(SeatState.ASKED)
    text = _("Je bent nu nergens voor gevraagd.")
    if states:
        text = ngettext(
            "Je bemiddelt in %(n)d zaak.", "Je bemiddelt in %(n)d zaken.", len(states) - asked
        ) % {"n": len(states) - asked}
    if asked:
        text = ngettext(
            "%(n)d keer gevraagd: zeg ja of nee.", "%(n)d keer gevraagd: zeg ja of nee.", asked
        ) % {"n": asked}
    link = (reverse("mediations"), _("Naar je bemiddelingen"))
    return Card(_("Bemiddelen"), text, *link, urgent=asked > 0)


def of_coordinator(actor: Actor, on: date) -> Card | None:
    """Return how many cases run and how many are late, for the team that mediates."""
    if not actor.may("mediation.coordinate") or not coordinates(actor):
        return None
    rows = Case.objects.coordinated_by(actor).live()
    days = list(rows.values_list("due_on", flat=True))
    late = sum(day is not None and day <= on for day in days)
    text = ngettext("%(n)d zaak loopt.", "%(n)d zaken lopen.", len(days)) % {"n": len(days)}
    if late:
        said = ngettext(
            "%(n)d zaak vraagt vandaag iets van je.",
            "%(n)d zaken vragen vandaag iets van je.",
            late,
        )
        text = f"{text} {said % {'n': late}}"
    link = (reverse("mediation-cases"), _("Naar buurtbemiddeling"))
    return Card(_("Buurtbemiddeling"), text, *link, urgent=late > 0)


def of_referrer(actor: Actor, on: date) -> Card | None:
    """Return the way to ask mediation for a resident, and to read how it ended."""
    if not actor.may("mediation.refer") or actor.team is None or coordinates(actor):
        return None
    if team_of(actor.municipality) is None:
        return None
    text = _("Heeft een inwoner gedoe met de buren? Vraag of bemiddeling past.")
    more = ((reverse("mediation-refer"), _("Vraag buurtbemiddeling voor een inwoner")),)
    link = (reverse("mediation-referred"), _("Wie we verwezen"))
    return Card(_("Buurtbemiddeling"), text, *link, more=more)


CARDS = (of_neighbour, of_mediator, of_coordinator, of_referrer)
