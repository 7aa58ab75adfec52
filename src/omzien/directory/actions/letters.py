"""The mails about an entry, with what is known filled in. Plain text, nothing beyond the entry.

The texts themselves stand in `directory/mails.py`; a municipality may write its own.
"""

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from omzien.areas.models import Municipality
from omzien.areas.queries import address_of, language_of
from omzien.directory.actions.links import CHANGE, CONFIRM, STOP, link_to
from omzien.directory.mails import letter
from omzien.directory.models import Edit, Report, Service
from omzien.directory.queries.sayings import shown_of
from omzien.directory.rules import leaves_on, sinks_on
from omzien.directory.terms import terms_of
from omzien.messages.mails import Letter

__all__ = ["Letter"]

LAST_STEP = 2

P = ParamSpec("P")
R = TypeVar("R")


def in_our_language(write: Callable[P, R]) -> Callable[P, R]:
    """Let a function write its mails in the language of the site, whatever the page is in.

    A visitor who reads the site in English may cause a mail to an owner or an editor. Whether
    that mail says "je" or "u" is the choice of the municipality that is among the arguments, or
    that owns the first of them. (Django's `override` as a decorator would share the language to go
    back to between threads.)
    """

    @wraps(write)
    def written(*args: P.args, **kwargs: P.kwargs) -> R:
        first: Any = kwargs.get("municipality") or [*args, *kwargs.values()][0]
        with override(language_of(getattr(first, "municipality", first))):
            return write(*args, **kwargs)

    return written


@in_our_language
def reminder(service: Service, *, what: str, step: int, due: date, on: date) -> Letter:
    """Ask the owner whether an entry is still right; the last time, say what will happen."""
    asked = {
        "contacts": _("Kijk vooral naar telefoon, mail, website en adres."),
        "all": _("Kijk alles even na."),
    }
    terms = terms_of(service.municipality_id)
    values = _of(service) | {
        "vraag": asked[what],
        "dag": _day(due),
        "zakt_op": _day(sinks_on(due, terms=terms)),
        "weg_op": _day(leaves_on(due, warned_on=on, terms=terms)),
        "links": _links(service),
        "gegevens": _all_of(service),
    }
    return letter(f"reminder-{step + 1}", service.municipality, values)


@in_our_language
def left(service: Service) -> Letter:
    """Tell the owner that an entry is off the site, and how it comes back."""
    values = _of(service) | {"links": _links(service), "gegevens": _all_of(service)}
    return letter("left", service.municipality, values)


@in_our_language
def taken_off(service: Service) -> Letter:
    """Tell the owner that the editors took an entry off the site."""
    return letter("taken-off", service.municipality, _of(service))


@in_our_language
def put_back(service: Service) -> Letter:
    """Tell the owner that an entry is on the site again."""
    values = _of(service) | {"link": entry_address(service)}
    return letter("put-back", service.municipality, values)


@in_our_language
def new_link(service: Service, purpose: str) -> Letter:
    """Send the owner the link that was asked for."""
    values = _of(service) | {"link": link_to(service, purpose)}
    return letter("new-link", service.municipality, values)


@in_our_language
def reported(report: Report, about: str) -> Letter:
    """Tell the owner that a visitor says that something is wrong; the words stay on the page."""
    service = report.service
    values = _of(service) | {
        "onderwerp": about,
        "dag": _day(report.due_on),
        "links": _links(service),
    }
    return letter("reported", service.municipality, values)


@in_our_language
def settled(report: Report) -> Letter:
    """Tell the owner what the editors did with what a visitor said."""
    outcomes = {
        Report.Outcome.CHANGED: _("De redactie heeft je aanbod aangepast."),
        Report.Outcome.CORRECT: _("De redactie vindt dat het toch klopt. Er is niets veranderd."),
        Report.Outcome.REMOVED: _("De redactie heeft je aanbod van de site gehaald."),
        Report.Outcome.PASSED_ON: _("De redactie heeft het doorgegeven aan wie erover gaat."),
    }
    values = _of(report.service) | {"uitkomst": outcomes[Report.Outcome(report.outcome)]}
    return letter("settled", report.service.municipality, values)


@in_our_language
def decided(edit: Edit) -> Letter:
    """Tell the owner what the editors decided."""
    if edit.state == Edit.State.APPROVED and edit.says_stopped:
        return letter("entry-stopped", edit.service.municipality, _of(edit.service))
    if edit.state == Edit.State.APPROVED:
        values = _of(edit.service) | {"link": entry_address(edit.service)}
        return letter("approved", edit.service.municipality, values)
    code, purpose = ("entry-stays", STOP) if edit.says_stopped else ("rejected", CHANGE)
    values = _of(edit.service) | {"reden": edit.reason, "link": link_to(edit.service, purpose)}
    return letter(code, edit.service.municipality, values)


def for_editors(municipality: Municipality, code: str, values: dict[str, str]) -> Letter:
    """Tell the editors something, with the way to their page."""
    page = address_of(municipality) + reverse("editors")
    return letter(code, municipality, values | {"link": page})


def entry_address(service: Service) -> str:
    """Return the public address of an entry."""
    assert service.municipality is not None
    return address_of(service.municipality) + reverse("entry", args=[service.slug])


def _of(service: Service) -> dict[str, str]:
    return {"titel": service.title, "aanbieder": service.provider.name}


def _links(service: Service) -> str:
    return "\n".join(
        [
            _("Alles klopt nog:"),
            link_to(service, CONFIRM),
            "",
            _("Ik wil iets veranderen:"),
            link_to(service, CHANGE),
            "",
            _("Je hebt geen account nodig. De links werken 60 dagen en alleen voor dit aanbod."),
        ]
    )


def _all_of(service: Service) -> str:
    lines = [f"- {one.label}: {one.text}" for one in shown_of(service)]
    return "\n".join([_("Dit staat er nu:"), *lines])


def _day(day: date) -> str:
    return date_format(day, "j F Y")
