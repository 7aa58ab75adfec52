"""Pages about the site itself, and pages for when something goes wrong."""

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.db import connection
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_POST, require_safe

from omzien.directory.language.topics import all_topics
from omzien.messages.queries import caught_mail, latest_mail
from omzien.people.limits import counted, note_attempt
from omzien.people.privacy.register import period_text
from omzien.people.rules.retention import KINDS
from omzien.web.answers.forms import AskForm
from omzien.web.doors import switched
from omzien.web.pages.security import security_file
from omzien.web.request import Request, is_here


@require_safe
def about(request: Request) -> HttpResponse:
    """Tell what Omzien is."""
    return render(request, "pages/about.html")


@require_safe
def privacy(request: Request) -> HttpResponse:
    """Tell what is kept and what is not."""
    kinds = {"kept": "question", "kept_plan": "question-plan", "kept_long": "question-provision",
             "kept_short": "question-short"}  # fmt: skip
    kept = {name: period_text(KINDS[kind].period) for name, kind in kinds.items()}
    return render(request, "pages/privacy.html", kept)


@require_safe
def accessibility(request: Request) -> HttpResponse:
    """Show the accessibility statement."""
    return render(request, "pages/accessibility.html")


@require_safe
def open_data(request: Request) -> HttpResponse:
    """Point to the APIs, feeds and downloads."""
    context = {"origin": f"{request.scheme}://{request.get_host()}", "topics": list(all_topics())}
    return render(request, "pages/open_data.html", context)


@switched("embedding")
@require_safe
def embed_code(request: Request) -> HttpResponse:
    """Show the code with which another site embeds the question field."""
    return render(
        request, "pages/embed_code.html", {"origin": f"{request.scheme}://{request.get_host()}"}
    )


@switched("embedding")
@require_safe
@xframe_options_exempt
def embedded(request: Request) -> HttpResponse:
    """Show the question field alone, for sites that the municipality allows to embed it."""
    response = render(request, "pages/embedded.html")
    allowed = (
        request.municipality.settings.get("embedding_hosts", []) if request.municipality else []
    )
    ancestors = " ".join(["'self'", *allowed])
    response.content_security_policy = {"frame-ancestors": ancestors}  # type: ignore[attr-defined]
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@require_POST
def choose_language(request: Request) -> HttpResponse:
    """Keep the language that the visitor chose in a cookie, and go back to the page.

    The words of a question are never in an address: from an answer the form brings them
    along, and a redirect with 307 makes the browser post them again.
    """
    back = request.POST.get("next", "/")
    response = HttpResponseRedirect(
        back if is_here(back) else "/", preserve_request="text" in request.POST
    )
    wanted = request.POST.get("taal", "")
    if wanted in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            wanted,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response


@require_safe
def healthy(request: Request) -> HttpResponse:
    """Say that the web process and its database work."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("in orde\n", content_type="text/plain; charset=utf-8")


@require_safe
def security_txt(request: Request) -> HttpResponse:
    """Say where somebody reports a weakness (RFC 9116); each municipality has its own file."""
    text = security_file(request.municipality, on=timezone.now())
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@require_safe
def demo_mail(request: Request) -> HttpResponse:
    """Show the mail that the demonstration sent; it never leaves this machine."""
    if not settings.DEMO or request.municipality is None:
        raise Http404
    return render(
        request,
        "pages/demo_mail.html",
        {"mails": [*caught_mail(request.municipality.host or ""), *latest_mail()]},
    )


def not_found(request: Request, exception: Exception | None = None) -> HttpResponseBase:
    """Help someone who came to an address that does not exist (404)."""
    return render(request, "404.html", {"form": AskForm()}, status=404)


def too_many(request: Request) -> HttpResponseBase:
    """Help someone who tried too often (429)."""
    return render(request, "429.html", status=429)


def bad_request(request: Request, exception: Exception | None = None) -> HttpResponseBase:
    """Help someone whose request could not be read (400), or is far too long (413)."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent):
        return render(request, "413.html", status=413)
    return render(request, "400.html", status=400)


def broken(request: Request) -> HttpResponseBase:
    """Help someone when our own code failed (500), without a database."""
    return render(request, "500.html", status=500)


def csrf_failed(request: Request, reason: str = "") -> HttpResponseBase:
    """Explain a form that was open for too long, without losing the way back.

    It may be forged as well: that stands in the log, once an hour for each visitor.
    """
    if counted(request, "no-token") == 1:
        note_attempt(request, "no-token")
    return render(request, "403.html", status=403)
