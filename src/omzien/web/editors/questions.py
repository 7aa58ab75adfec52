"""What people asked and the map could not answer well: counts per village, topic and month."""

import io
from collections.abc import Sequence
from datetime import date

from dateutil.relativedelta import relativedelta
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from omzien.directory.queries.questions import Questions, questions
from omzien.directory.rules import FEWEST_SHOWN
from omzien.kernel.cells import Rows
from omzien.web.doors import needs
from omzien.web.request import Request, town_of
from omzien.web.templatetags.omzien import count_text, question_topic, question_village

MOST_SHOWN = 200
USUAL = "3"
# The name in the address, what it is called, and from and to how many months ago.
PERIODS = {
    "0": (gettext_lazy("Deze maand"), 0, 0),
    "1": (gettext_lazy("Vorige maand"), 1, 1),
    "3": (gettext_lazy("Laatste 3 maanden"), 2, 0),
    "6": (gettext_lazy("Laatste 6 maanden"), 5, 0),
    "12": (gettext_lazy("Laatste 12 maanden"), 11, 0),
}


@needs("directory.gaps")
@require_http_methods(["GET"])
def questions_page(request: Request) -> HttpResponse:
    """Show what was asked, most weak answers first."""
    period, rows = _asked_for(request)
    context = {
        "period": period,
        "periods": {name: label for name, (label, _first, _last) in PERIODS.items()},
        "rows": rows[:MOST_SHOWN],
        "count": len(rows),
        "fewest": FEWEST_SHOWN,
        "may": {
            verb: bool(request.actor.may(f"directory.{verb}")) for verb in ("approve", "words")
        },
    }
    return render(request, "editors/questions.html", context)


@needs("directory.gaps")
@require_http_methods(["GET"])
def questions_csv(request: Request) -> HttpResponse:
    """Give the same counts for a spreadsheet: all of them, and small ones just as hidden."""
    _period, rows = _asked_for(request)
    out = io.StringIO()
    writer = Rows(out)
    writer.row([_("maand"), _("dorp"), _("onderwerp"), _("vragen"), _("weinig gevonden")])
    for row in rows:
        cells = [question_village(row.village), question_topic(row.topic, request.municipality)]
        counts = [count_text(row.asked), count_text(row.weak)]
        writer.row([f"{row.month:%Y-%m}", *cells, *counts])
    response = HttpResponse(out.getvalue().encode("utf-8-sig"), content_type="text/csv")
    response["Content-Disposition"] = 'attachment; filename="vragen.csv"'
    return response


def _asked_for(request: Request) -> tuple[str, Sequence[Questions]]:
    """Return the period that was chosen, or the usual one, with its counts."""
    period = request.GET.get("periode", USUAL)
    period = period if period in PERIODS else USUAL
    _label, first, last = PERIODS[period]
    today = timezone.localdate()
    return period, questions(town_of(request), first=_month(today, first), last=_month(today, last))


def _month(today: date, ago: int) -> date:
    return today.replace(day=1) - relativedelta(months=ago)
