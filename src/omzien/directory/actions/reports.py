"""A resident says "Klopt dit niet?": the owner and the editors hear it, and a clock runs."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from omzien.areas.models import Municipality
from omzien.directory.actions import letters
from omzien.directory.actions.entries import Refused, withdraw
from omzien.directory.actions.freshness import tell_editors
from omzien.directory.models import Report, Service
from omzien.directory.terms import terms_of
from omzien.journal.actions import record
from omzien.journal.each import one_by_one
from omzien.journal.isolation import working_for
from omzien.kernel.text import clean
from omzien.kernel.workdays import add_working_days
from omzien.messages.actions import tell

WRONG = {
    "contact": gettext_lazy("Telefoon of mail"),
    "website": gettext_lazy("De website werkt niet, of is een andere"),
    "times": gettext_lazy("Dagen of tijden"),
    "place": gettext_lazy("Adres of plaats"),
    "stopped": gettext_lazy("Het bestaat niet meer"),
    "other": gettext_lazy("Iets anders"),
}


class AlreadySettled(Refused):
    """Somebody else settled this report, or decided on this change."""


class NotOurs(Refused):
    """A national or regional entry cannot be removed by one municipality."""


@transaction.atomic
@letters.in_our_language
def report_wrong(
    *, municipality: Municipality, service: Service, about: str, text: str, on: date
) -> Report:
    """Keep what a visitor of a municipality says about an entry and tell who can mend it.

    The clock gives five working days, or what the municipality chose. Owner and editors get
    one mail a day about the same kind of mistake, so that nobody can flood them; each report
    is kept. A national or regional entry has no owner here: the editors hear of it.
    """
    terms = terms_of(municipality.code)
    report = Report.objects.create(
        municipality=municipality,
        service=service,
        about=about,
        text=clean(text),
        due_on=add_working_days(on, terms.report_working_days, terms.closed),
    )
    key = f"report:{service.pk}:{about}:{on}"
    if service.municipality is not None:
        _tell_owner(report, key, letters.reported(report, str(WRONG.get(about, WRONG["other"]))))
    tell_editors(
        municipality,
        key,
        "editors-reported",
        titel=service.title,
        onderwerp=str(WRONG.get(about, WRONG["other"])),
        dag=date_format(report.due_on, "j F Y"),
    )
    _record("report", report, "visitor", about=about)
    return report


def keep_remark(*, service: Service, text: str, on: date) -> Report:
    """Keep what an owner remarked beside a change as a report of its own, with its clock.

    Inside the caller's transaction.
    """
    assert service.municipality is not None
    terms = terms_of(service.municipality_id)
    report = Report.objects.create(
        municipality=service.municipality,
        service=service,
        about="other",
        text=_("Van de eigenaar: %(text)s") % {"text": clean(text)},
        due_on=add_working_days(on, terms.report_working_days, terms.closed),
    )
    _record("report", report, "owner", about="other")
    return report


@transaction.atomic
def settle_report(*, report: Report, outcome: str, on: date, by: str) -> Report:
    """Close a report with what came of it; `removed` also takes the entry out.

    Raises AlreadySettled and NotOurs.
    """
    locked = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
    service = locked.service
    if locked.closed_at is not None:
        raise AlreadySettled
    if outcome == Report.Outcome.REMOVED:
        if service.municipality_id is None:
            raise NotOurs
        withdraw(service=service, on=on, by=by)
    locked.outcome = Report.Outcome(outcome)
    locked.closed_at = timezone.now()
    locked.save(update_fields=["outcome", "closed_at"])
    if service.municipality is not None:
        _tell_owner(locked, f"settled:{locked.pk}", letters.settled(locked))
    _record("settle", locked, by, outcome=outcome)
    return locked


@letters.in_our_language
def tell_overdue_reports(*, municipality: Municipality, on: date) -> int:
    """Tell the editors, once for each, which reports are past their day."""
    with working_for(municipality.code):
        late = list(
            Report.objects.filter(
                municipality=municipality, closed_at=None, due_on__lt=on
            ).select_related("service")
        )

    def say(report: Report) -> bool:
        tell_editors(
            municipality,
            f"late:{report.pk}",
            "editors-late",
            titel=report.service.title,
            dag=date_format(report.due_on, "j F Y"),
        )
        return True

    return one_by_one(municipality.code, "late-report", late, say)


def _tell_owner(report: Report, key: str, letter: letters.Letter) -> None:
    tell(
        municipality=report.municipality,
        key=key,
        recipients=[report.service.owner_email],
        letter=letter,
    )


def _record(verb: str, report: Report, by: str, **details: Any) -> None:
    record(
        verb=verb,
        subject="service",
        subject_id=report.service_id,
        by=by,
        municipality=report.municipality_id,
        **details,
    )
