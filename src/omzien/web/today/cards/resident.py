"""The cards of a resident, or of who speaks for one, on the page of today."""

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from omzien.people.models import MandateInvitation
from omzien.people.queries.hats import hats_for_others, whom
from omzien.people.queries.mandates import only_mailed
from omzien.people.rules.roles import Actor
from omzien.questions.models import Question
from omzien.web.today.card import Card
from omzien.web.waiting import what_waits


def my_questions(actor: Actor, on: date) -> list[Card]:
    """Return a card for each thing that waits at the questions that somebody follows, and the way
    to these.
    """
    if not actor.may("question.follow"):
        return []
    name = whom(actor)
    title = _("De vragen van %(name)s") % {"name": name} if name else _("Mijn vragen")
    at = _("Bij vraag %(number)s van %(name)s.") if name else _("Bij je vraag %(number)s.")
    cards = [
        Card(
            one.text,
            at % {"number": one.reference, "name": name},
            one.link,
            _("Bekijk het"),
            urgent=True,
            heard=one.text,
        )
        for one in what_waits(actor, on=on)
    ]
    way = _("Naar de vragen")
    if only_mailed(actor, on=on):
        text = _("Je krijgt een mail als er een bericht is. De vragen zelf zie je niet.")
        way = _("Lees wat je mag")
    else:
        count = Question.objects.visible_to(actor).live().count()
        some = ngettext("%(n)d vraag loopt.", "%(n)d vragen lopen.", count) % {"n": count}
        text = some if count else _("Er loopt nu geen vraag.")
    cards.append(Card(title, text, reverse("my-questions"), way))
    cards += _whom_i_help(actor, on)
    asked = MandateInvitation.objects.visible_to(actor).open(on=on).exclude(resident=actor.person)
    if asked.exists():
        text = _("Iemand vraagt of jij wilt helpen. Zeg ja of nee.")
        link = (reverse("mandates"), _("Geef antwoord"))
        cards.append(Card(_("Wil je iemand helpen?"), text, *link, urgent=True))
    return cards


def _whom_i_help(actor: Actor, on: date) -> list[Card]:
    """Return a card for each resident with a mandate for `actor`; what waits there is read in
    that role, and in no other.
    """
    return [
        Card(
            _("Wie jij helpt: %(name)s") % {"name": hat.for_whom},
            _("Je mag helpen bij de vragen van %(name)s.") % {"name": hat.for_whom},
            reverse("my-questions"),
            hat=hat,
        )
        for hat in hats_for_others(actor, on=on)
    ]


def _network(actor: Actor, on: date) -> Card | None:
    if not actor.may("ecogram.keep"):
        return None
    text = _("Teken wie er om je heen staan. Alleen jij ziet de kaart, tot je hem zelf deelt.")
    return Card(_("Je eigen mensen"), text, reverse("my-network"), _("Naar je kaart"))


CARDS = (_network,)
