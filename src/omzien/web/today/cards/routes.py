"""The cards of which team gets which question, on the page of today."""

from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from omzien.people.rules.roles import Actor
from omzien.questions.models import RouteProposal
from omzien.questions.queries.routing import RECENT, route_changes
from omzien.web.today.card import Card


def _routes(actor: Actor, on: date) -> Card | None:
    title = _("Welk team krijgt welke vraag?")
    if actor.may("rules.approve"):
        count = RouteProposal.objects.visible_to(actor).waiting().count()
        if not count:
            return None
        text = ngettext(
            "%(n)d voorstel wacht op antwoord.", "%(n)d voorstellen wachten op antwoord.", count
        )
        return Card(
            title, text % {"n": count}, reverse("route-proposals"), _("Zeg ja of nee"), urgent=True
        )
    if actor.may("rules.advise"):
        count = RouteProposal.objects.visible_to(actor).waiting().filter(advice="").count()
        if not count:
            return None
        text = ngettext(
            "Over %(n)d voorstel kun je advies geven.",
            "Over %(n)d voorstellen kun je advies geven.",
            count,
        )
        return Card(title, text % {"n": count}, reverse("advise-routes"), _("Geef advies"))
    if not actor.may("rules.propose"):
        return None
    text = _("Moet een ander team de vragen van een dorp krijgen?")
    return Card(title, text, reverse("propose-route"), _("Stel een andere route voor"))


def _routes_changed(actor: Actor, on: date) -> Card | None:
    """Return what changed lately in the routes: for the own team, or by a proposal taken over."""
    now, title = timezone.now(), _("Er is een route veranderd")
    if actor.may("rules.apply"):
        taken = RouteProposal.objects.visible_to(actor).filter(
            state=RouteProposal.State.TAKEN, answered_at__gte=now - RECENT
        )
        if not (count := taken.count()):
            return None
        text = ngettext(
            "In de laatste twee weken werd %(n)d voorstel van een coördinator een regel.",
            "In de laatste twee weken werden %(n)d voorstellen van coördinatoren een regel.",
            count,
        )
        return Card(title, text % {"n": count}, reverse("routes"), _("Bekijk de regels"))
    if not actor.may("rules.propose") or actor.team is None:
        return None
    found = route_changes(actor.municipality, now=now, team=actor.team)
    if not found:
        return None
    gets = any(actor.team in one.gets for one in found)
    loses = any(actor.team in one.loses for one in found)
    if gets and loses:
        text = _("Je team krijgt andere vragen, sinds %(day)s.")
    elif gets:
        text = _("Je team krijgt er vragen bij, sinds %(day)s.")
    else:
        text = _("Je team krijgt sommige vragen niet meer, sinds %(day)s.")
    said = text % {"day": date_format(timezone.localtime(found[-1].at), "j F")}
    return Card(title, said, reverse("propose-route"), _("Bekijk wat er veranderde"))


CARDS = (_routes, _routes_changed)
