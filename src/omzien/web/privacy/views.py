"""The public register of processing."""

from django.apps import apps
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from omzien.people.privacy.register import HEADS, as_csv, cells, register
from omzien.people.rules.processing import MEASURES
from omzien.web.doors import needs
from omzien.web.request import Request


@needs("register.read")
@require_http_methods(["GET"])
def register_page(request: Request) -> HttpResponse:
    """Show the register, or give it as a file for a spreadsheet (`?vorm=csv`)."""
    entries = register(installed={model._meta.label for model in apps.get_models()})
    if request.GET.get("vorm") == "csv":
        text = as_csv(entries).encode("utf-8-sig")
        response = HttpResponse(text, content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="register-van-verwerkingen.csv"'
        return response
    context = {
        "entries": [
            (entry.activity.code, name, list(zip(HEADS[1:-1], rest[:-1], strict=True)), rest[-1])
            for entry in entries
            for name, *rest in [cells(entry)]
        ],
        "measures": [_(one) for one in MEASURES],
    }
    return render(request, "privacy/register.html", context)
