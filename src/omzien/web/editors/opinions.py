"""What visitors say about pages: "Hoe tevreden ben je over deze pagina?"."""

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from omzien.agenda.queries import opinions, remarks
from omzien.web.doors import needs
from omzien.web.request import Request

DAYS = 90


@needs("directory.approve")
@require_safe
def opinions_page(request: Request) -> HttpResponse:
    """Show the average of each page, the least liked first, and what visitors wrote."""
    since = timezone.now() - timedelta(days=DAYS)
    context = {
        "days": DAYS,
        "opinions": opinions(request.actor, since=since),
        "remarks": remarks(request.actor, since=since),
    }
    return render(request, "editors/opinions.html", context)
