"""The cards of who works on questions, or helps at one, on the page of today."""

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from omzien.handovers.queries.offered import asked_of
from omzien.kernel.text import dial
from omzien.people.queries.mailboxes import whom_to_call
from omzien.people.rules.roles import Actor, Scope
from omzien.questions.models import Crisis, Question
from omzien.questions.queries.inbox import late_in_team, waiting_for
from omzien.web.today.card import MOST_COUNTED, Card
from omzien.web.today.ways import ways


def _acute(actor: Actor, on: date) -> Card | None:
    if not actor.may("question.work"):
        return None
    rows = Crisis.objects.open().filter(question__in=Question.objects.alarming(actor))
    count = len(rows.values_list("pk", flat=True)[:MOST_COUNTED])
    if not count:
        return None
    text = ngettext("%(n)d vraag is acuut.", "%(n)d vragen zijn acuut.", count) % {"n": count}
    return Card(_("Acuut"), text, reverse("crises"), _("Kijk nu"), urgent=True)


def _whom_to_call(actor: Actor, on: date) -> Card | None:
    """Return whom a volunteer calls: a volunteer fills in no form about somebody, and calls."""
    helps = Scope.OWN in actor.may("task.read")  # also in a role that no team gave
    if actor.may("question.work") or not (actor.team or helps):
        return None
    name, phone = whom_to_call(actor, on=on)
    if not phone:
        return None
    text = _("Maak je je zorgen, of weet je niet wat je moet doen? Bel. Je hoeft niets op te "
             "schrijven. Is er nu gevaar? Bel 112.")  # fmt: skip
    way = _("Bel %(name)s: %(phone)s") % {"name": name, "phone": phone}
    title = _("Bel je coördinator") if actor.team else _("Wie kun je bellen?")
    return Card(title, text, f"tel:{dial(phone)}", way)


def _where_to_help(actor: Actor, on: date) -> Card | None:
    """Return the way to who looks for a volunteer, for who is one."""
    if Scope.OWN not in actor.may("task.read"):
        return None
    text = _("Heb je nog tijd over? Kijk wie er iemand zoekt.")
    link = f"{reverse('answer')}?topic=volunteering"
    return Card(_("Waar kun je helpen?"), text, link, _("Kijk waar je kunt helpen"))


def _help_questions(actor: Actor, on: date) -> Card | None:
    if not actor.may("question.work") or actor.team is None:
        return None
    waiting = waiting_for(actor, on=on, besides=len(asked_of(actor, on=on)))
    text = ngettext(
        "Er wacht %(n)s ding op jou of op je team.",
        "Er wachten %(n)s dingen op jou of op je team.",
        waiting.count,
    )
    link = (reverse("inbox"), _("Naar de hulpvragen"))
    said = text % {"n": waiting.said}
    if not waiting.count:
        said = _("Er wacht nu niets op jou of op je team.")
    return Card(_("Hulpvragen"), said, *link, urgent=waiting.count > 0, more=ways(actor))


def _late(actor: Actor, on: date) -> Card | None:
    if not actor.may("question.work") or actor.team is None:
        return None
    late = late_in_team(actor, on=on)
    if not late.count:
        return None
    text = ngettext(
        "%(n)s vraag van je team is over de dag.",
        "%(n)s vragen van je team zijn over de dag.",
        late.count,
    )
    link = (reverse("work-list") + "?due=late", _("Bekijk wat te laat is"))
    return Card(_("Te laat"), text % {"n": late.said}, *link, urgent=True)


def _team_loads(actor: Actor, on: date) -> Card | None:
    if Scope.FIGURES not in actor.may("caseload.totals"):
        return None
    text = _("Hoeveel vragen elk team nu heeft.")
    return Card(_("Werklast"), text, reverse("caseload-totals"), _("Bekijk de werklast"))


CARDS = (_acute, _whom_to_call, _where_to_help, _help_questions, _late, _team_loads)
