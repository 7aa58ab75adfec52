"""The cards of the social map on the page of today: of the editors, and of who keeps an entry."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Min, QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from omzien.areas.models import Municipality
from omzien.directory.models import Edit, Service
from omzien.directory.queries.editors import REMEMBERED, queue
from omzien.directory.queries.edits import latest_edits
from omzien.directory.terms import terms_of
from omzien.people.rules.roles import Actor, Scope
from omzien.web.today.card import Card


def _editors_queue(actor: Actor, on: date) -> Card | None:
    if not actor.may("directory.approve"):
        return None
    waiting = queue(Municipality.objects.get(code=actor.municipality), on=on)
    count = waiting.report_count + waiting.edit_count
    text = ngettext(
        "%(n)d melding of wijziging wacht.", "%(n)d meldingen en wijzigingen wachten.", count
    ) % {"n": count}
    if waiting.unkept_count:
        attention = ngettext(
            "%(n)d keer aanbod heeft aandacht nodig: zonder eigenaar, of bijna van de site.",
            "%(n)d keer aanbod heeft aandacht nodig: zonder eigenaar, of bijna van de site.",
            waiting.unkept_count,
        )
        text = f"{text} {attention % {'n': waiting.unkept_count}}"
    if waiting.never_count:
        never = ngettext(
            "%(n)d keer aanbod heeft een tijd die niet klopt.",
            "%(n)d keer aanbod heeft een tijd die niet klopt.",
            waiting.never_count,
        )
        text = f"{text} {never % {'n': waiting.never_count}}"
    is_urgent = count + waiting.unkept_count + waiting.never_count > 0
    link = (reverse("editors"), _("Naar de redactie"))
    return Card(_("Redactie"), text, *link, urgent=is_urgent)


def _own_entries(actor: Actor, on: date) -> Card | None:
    if Scope.OWN not in actor.may("directory.change"):
        return None
    kept = Service.objects.kept_by(actor)
    here = kept.published()
    due = here.due(on=on, terms=terms_of(actor.municipality)).count()
    edits = latest_edits(here.values("pk")).values()
    waiting = [edit for edit in edits if edit.state == Edit.State.WAITING]
    stops = sum(edit.says_stopped for edit in waiting)
    changes = len(waiting) - stops
    gone = kept.filter(left_on__gt=on - REMEMBERED).count()
    rejected = any(edit.state == Edit.State.REJECTED for edit in edits)
    said = []
    if due:
        said.append(
            ngettext(
                "%(n)d aanbod moet je weer controleren.",
                "%(n)d keer aanbod moet je weer controleren.",
                due,
            )
            % {"n": due}
        )
    if stops:
        said.append(
            ngettext(
                "Van %(n)d aanbod zei je dat het gestopt is. De redactie beslist.",
                "Van %(n)d keer aanbod zei je dat het gestopt is. De redactie beslist.",
                stops,
            )
            % {"n": stops}
        )
    if changes:
        said.append(
            ngettext(
                "%(n)d wijziging van je ligt bij de redactie.",
                "%(n)d wijzigingen van je liggen bij de redactie.",
                changes,
            )
            % {"n": changes}
        )
    if rejected:
        said.append(_not_taken(edits))
    if not said:
        said.append(_nothing_due(kept, here.aggregate(day=Min("checked_on"))["day"]))
    if gone:
        said.append(
            ngettext(
                "%(n)d aanbod ging in de laatste 60 dagen van de site.",
                "%(n)d keer aanbod ging in de laatste 60 dagen van de site.",
                gone,
            )
            % {"n": gone}
        )
    link = (reverse("own-entries"), _("Naar mijn aanbod"))
    return Card(_("Mijn aanbod"), " ".join(said), *link, urgent=due > 0 or rejected)


def _not_taken(edits: Iterable[Edit]) -> str:
    if all(edit.says_stopped for edit in edits if edit.state == Edit.State.REJECTED):
        return _("De redactie laat staan wat je gestopt noemde. Kijk waarom.")
    return _("De redactie heeft een wijziging van je niet overgenomen. Kijk waarom.")


def _nothing_due(kept: QuerySet[Service], oldest: date | None) -> str:
    """Say that there is nothing to check, and since when; without `oldest` nothing is there."""
    if oldest:
        day = date_format(oldest, "j F Y")
        text = _("Je hoeft nu niets te controleren. Het langst geleden gecontroleerd: %(day)s.")
        return text % {"day": day}
    if kept.exists():
        return _("Er staat nu niets van jouw organisatie op de site.")
    return _("Van jouw organisatie staat er nog niets op de site.")


CARDS = (_editors_queue, _own_entries)
