"""The cards of what is to be erased, on the page of today."""

from datetime import date

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from omzien.people.models import Batch
from omzien.people.rules.retention import answer_by
from omzien.people.rules.roles import Actor
from omzien.web.today.card import Card


def _lists_to_erase(actor: Actor, on: date) -> Card | None:
    if not actor.may("retention.read"):
        return None
    rows = Batch.objects.visible_to(actor)
    if actor.may("retention.approve"):
        count = rows.decided_by(actor).filter(state=Batch.State.PROPOSED).count()
        text = ngettext(
            "%(n)d lijst om te wissen wacht op jou.",
            "%(n)d lijsten om te wissen wachten op jou.",
            count,
        )
    elif actor.may("retention.run"):
        count = rows.ready(on=on).count()
        text = ngettext(
            "%(n)d lijst is goedgekeurd en mag nu worden gewist.",
            "%(n)d lijsten zijn goedgekeurd en mogen nu worden gewist.",
            count,
        )
    else:
        count = rows.open().count()
        text = ngettext(
            "%(n)d lijst wordt straks gewist. Jij kunt dat tegenhouden.",
            "%(n)d lijsten worden straks gewist. Jij kunt dat tegenhouden.",
            count,
        )
    said = text % {"n": count} if count else _("Er staat niets klaar om te wissen.")
    title, label = _("Bewaren en wissen"), _("Bekijk de lijsten")
    return Card(title, said, reverse("retention"), label, urgent=count > 0)


def _requests_to_erase(actor: Actor, on: date) -> Card | None:
    if not (actor.may("retention.approve") or actor.may("retention.hold")):
        return None
    rows = Batch.objects.visible_to(actor).filter(kind="request").open()
    days = list(rows.order_by("proposed_on").values_list("proposed_on", flat=True))
    if not days:
        return None
    text = ngettext(
        "%(n)d verzoek is nog niet klaar. De maand eindigt op %(day)s.",
        "%(n)d verzoeken zijn nog niet klaar. De eerste maand eindigt op %(day)s.",
        len(days),
    )
    said = text % {"n": len(days), "day": date_format(answer_by(days[0]), "j F Y")}
    title, label = _("Verzoek om te wissen"), _("Kijk waar het op wacht")
    return Card(title, said, reverse("retention"), label, urgent=True)


CARDS = (_lists_to_erase, _requests_to_erase)
