"""Keeping the map true (M03): a resident reports a mistake."""

from datetime import date

from django.db import transaction

from omzien.directory.models import Report, Service
from omzien.directory.rules import REPORT_WORKING_DAYS, add_working_days
from omzien.journal.actions import record
from omzien.kernel.text import clean


@transaction.atomic
def report_wrong(*, service: Service, about: str, text: str, on: date) -> Report | None:
    """Take a resident's "klopt dit niet?"; shared entries are reported to the whole product.

    The clock gives the owner and the editors five working days.
    """
    if service.municipality is None:
        return None
    report = Report.objects.create(
        municipality=service.municipality,
        service=service,
        about=about,
        text=clean(text),
        due_on=add_working_days(on, REPORT_WORKING_DAYS),
    )
    record(
        verb="report",
        subject="service",
        subject_id=service.pk,
        by="visitor",
        municipality=service.municipality_id,
        about=about,
    )
    return report
