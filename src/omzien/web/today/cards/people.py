"""The cards of who works where, and in which role, on the page of today."""

from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from omzien.areas.models import Municipality
from omzien.messages.queries import not_arriving
from omzien.people.models import Absence, Membership, ReviewLine
from omzien.people.queries.broken_roles import broken_roles
from omzien.people.queries.connectors import without_connector
from omzien.people.rules.roles import Actor
from omzien.questions.queries.routing import teams_all_away, teams_without_reader
from omzien.web.today.card import Card
from omzien.web.today.ways import ways

SOON = 31  # days before a role ends


def _areas_without_connector(actor: Actor, on: date) -> Card | None:
    if not actor.may("coverage.read"):
        return None
    empty = without_connector(actor.municipality, on=on)
    if not empty:
        return Card(_("Verbinders"), _("Elk dorp heeft vandaag een bereikbare verbinder."))
    text = _("Zonder bereikbare verbinder: %(villages)s.") % {"villages": ", ".join(empty)}
    may = actor.may("absence.record")
    link = (reverse("absences"), _("Wie is afwezig, en wie vervangt?")) if may else ("", "")
    return Card(_("Verbinders"), text, *link, urgent=True)


def _teams_without_reader(actor: Actor, on: date) -> Card | None:
    manages = bool(actor.may("organisation.manage"))
    if not (manages or actor.may("question.reassign")):
        return None
    unread = teams_without_reader(actor.municipality, on=on)
    # Who is away in another team is for who keeps all of them: absence is personal.
    away = teams_all_away(actor.municipality, on=on) if manages else []
    if not (unread or away):
        return None
    title, said = _("Teams"), []
    if desk := next((one for one in unread if one.is_default), None):
        title = _("Vragen komen bij niemand aan")
        said.append(
            _("Bij %(desk)s komt alles wat nergens anders past, en daar werkt niemand die het "
              "leest. Zorg dat daar vandaag iemand een rol krijgt.") % {"desk": desk.name}
        )  # fmt: skip
    if others := ", ".join(one.name for one in unread if not one.is_default):
        text = _("Hier horen vragen te komen, maar er werkt niemand die ze leest: %(teams)s.")
        said.append(text % {"teams": others})
        said.append(_("Nieuwe vragen gaan zolang naar een ander team."))
    if away:
        text = _("Hier komen vragen, en iedereen van het team is afwezig: %(teams)s.")
        said.append(text % {"teams": ", ".join(one.name for one in away)})
    link = (reverse("teams"), _("Naar de teams")) if manages else ("", "")
    return Card(title, " ".join(said), *link, urgent=True)


def _away(actor: Actor, on: date) -> Card | None:
    if not actor.may("absence.record"):
        return None
    # How many, and not who: a page with names leaves a line in the log, and this one is read most.
    away = Absence.objects.visible_to(actor).on(on)
    count = away.values("membership__person").distinct().count()
    if not count:
        text, label = _("Er is niemand als afwezig gemeld."), _("Meld afwezigheid")
    else:
        text = ngettext("%(n)d persoon is nu afwezig.", "%(n)d personen zijn nu afwezig.", count)
        text, label = text % {"n": count}, _("Kijk wie, of meld afwezigheid")
    return Card(_("Afwezig"), text, reverse("absences"), label)


def _broken_roles(actor: Actor, on: date) -> Card | None:
    if not actor.may("review.decide"):
        return None
    broken = broken_roles(Municipality.objects.get(pk=actor.municipality), on=on)
    count = Membership.objects.reviewed_by(actor).filter(pk__in=broken).count() if broken else 0
    if not count:
        return None
    text = ngettext(
        "%(n)d rol klopt niet meer met de regels. Beëindig hem, of geef hem opnieuw zoals het wel "
        "kan.",
        "%(n)d rollen kloppen niet meer met de regels. Beëindig ze, of geef ze opnieuw zoals het "
        "wel kan.",
        count,
    )
    title, label = _("Rollen die niet kloppen"), _("Bekijk wat er niet klopt")
    return Card(title, text % {"n": count}, reverse("review"), label, urgent=True)


def _review(actor: Actor, on: date) -> Card | None:
    if not actor.may("review.decide"):
        return None
    waiting = ReviewLine.objects.decided_by(actor).open().once().count()
    link = (reverse("review"), _("Loop de rollen na"))
    if not waiting:
        return Card(_("Toegang nalopen"), _("Er staat niets open."), *link)
    text = ngettext(
        "Van %(n)d rol is nog niet gezegd of hij blijft.",
        "Van %(n)d rollen is nog niet gezegd of ze blijven.",
        waiting,
    )
    return Card(_("Toegang nalopen"), text % {"n": waiting}, *link, urgent=True)


def _people(actor: Actor, on: date) -> Card | None:
    if not actor.may("colleague.read"):
        return None
    count = Membership.objects.visible_to(actor).live(on=on).count()
    text = ngettext("%(n)d rol.", "%(n)d rollen.", count) % {"n": count}
    return Card(_("Mensen en rollen"), text, reverse("members"), _("Bekijk wie wat doet"))


def _settings(actor: Actor, on: date) -> Card | None:
    if not actor.may("settings.change"):
        return None
    text = _("Contact, dorpen, teksten, termijnen en kleuren van de gemeente.")
    link = (reverse("settings"), _("Naar de instellingen"))
    return Card(_("Instellingen"), text, *link, more=ways(actor, "texts.change"))


def _mail(actor: Actor, on: date) -> Card | None:
    """Return how many addresses get no mail, and none of them: whose they are is not theirs."""
    if not actor.may("settings.change"):
        return None
    count = len(not_arriving(since=timezone.now() - timedelta(weeks=1)))
    if not count:
        return None
    text = ngettext(
        "Naar %(n)d adres kwam deze week een mail niet aan. Is het van een inwoner met een vraag? "
        "Dan belt het team. Kijk of de mailserver het doet, en of de adressen van teams kloppen.",
        "Naar %(n)d adressen kwam deze week een mail niet aan. Zijn ze van inwoners met een vraag? "
        "Dan belt het team. Kijk of de mailserver het doet, en of de adressen van teams kloppen.",
        count,
    )
    link = (reverse("teams"), _("Naar de teams"))
    return Card(_("Mail komt niet aan"), text % {"n": count}, *link, urgent=True)


def _ending(actor: Actor, on: date) -> Card | None:
    if actor.membership is None:
        return None
    day = Membership.objects.values_list("ends_on", flat=True).get(pk=actor.membership)
    if day is None:
        return None
    days = (day - on).days
    text = ngettext("Je rol eindigt over %(n)d dag.", "Je rol eindigt over %(n)d dagen.", days)
    return Card(_("Je rol"), text % {"n": days}, urgent=days < SOON)


CARDS = (
    _areas_without_connector,
    _teams_without_reader,
    _away,
    _broken_roles,
    _review,
    _people,
    _settings,
    _mail,
    _ending,
)
