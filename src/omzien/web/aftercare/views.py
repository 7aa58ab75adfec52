"""Is it solved? By a link in a mail, or asked on the phone."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from omzien.people.limits import too_many
from omzien.questions.actions.aftercare import (
    LinkBroken,
    LinkOver,
    answer_aftercare,
    open_link,
    resident_of,
)
from omzien.questions.models import AftercareAnswer, Question
from omzien.questions.refusals import Refused
from omzien.questions.rules.states import Solved
from omzien.web.doors import needs
from omzien.web.logged import logged
from omzien.web.request import Request, the_row

ANSWERS = {
    Solved.YES: gettext_lazy("Ja, het is opgelost"),
    Solved.PARTLY: gettext_lazy("Een beetje"),
    Solved.NO: gettext_lazy("Nee, ik wil weer hulp"),
}
MOST = 100


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def aftercare_page(request: Request, token: str) -> HttpResponse:
    """Ask whether it is solved. Opening the link changes nothing; scanners of mail do that too."""
    if request.municipality is None:
        raise Http404
    try:
        answer = open_link(token)
        if request.method == "POST":
            return _answered(request, answer)
    except LinkBroken:
        response = render(request, "aftercare/no_link.html", status=404)
    except (LinkOver, Refused):
        response = render(request, "aftercare/no_link.html", {"is_over": True}, status=410)
    else:
        over = answer.answered_at is None and answer.question.ended_at != answer.ended_at
        context = {"answer": answer, "answers": ANSWERS.items(), "is_open_again": over}
        response = render(request, "aftercare/aftercare.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


def _answered(request: Request, answer: AftercareAnswer) -> HttpResponse:
    solved = request.POST.get("solved", "")
    if solved not in set(Solved) or too_many(request, "aftercare", per_hour=30):
        context = {
            "answer": answer,
            "answers": ANSWERS.items(),
            "fault": _("Kies een van de drie antwoorden."),
        }
        return render(request, "aftercare/aftercare.html", context, status=400)
    answer_aftercare(
        answer=answer, solved=Solved(solved), by=resident_of(answer), now=timezone.now()
    )
    return HttpResponseRedirect(request.path)


def _called_persons(request: Request) -> list[UUID]:
    rows = AftercareAnswer.objects.to_call(request.actor)[:MOST]
    return list(rows.values_list("question__person", flat=True))


@needs("question.close")
@require_safe
@logged(purpose="help", kind="aftercare", about=_called_persons)
def calls_page(request: Request) -> HttpResponse:
    """List whom the team calls to ask whether it is solved: name and number, no story."""
    rows = AftercareAnswer.objects.to_call(request.actor).select_related("question__person")
    context = {
        "rows": rows.order_by("call_by", "pk")[:MOST],
        "answers": ANSWERS.items(),
        "today": timezone.localdate(),
    }
    return render(request, "aftercare/calls.html", context)


@needs("question.close")
@require_POST
def called(request: Request, key: UUID) -> HttpResponse:
    """Take what somebody said on the phone."""
    answer = the_row(AftercareAnswer.objects.to_call(request.actor), key)
    solved = request.POST.get("solved", "")
    if solved not in set(Solved):
        messages.error(request, _("Kies een van de drie antwoorden."))
    else:
        try:
            kept = answer_aftercare(
                answer=answer, solved=Solved(solved), by=request.actor, now=timezone.now()
            )
        except Refused:
            raise Http404 from None
        mine = Question.objects.visible_to(request.actor, verb="question.work")
        if kept.reopened_id and mine.filter(pk=kept.reopened_id).exists():
            messages.success(request, _("Het antwoord is bewaard. De vraag is weer open."))
            return HttpResponseRedirect(reverse("question", args=[kept.reopened_id]))
        messages.success(request, _("Het antwoord is bewaard."))
    return HttpResponseRedirect(reverse("aftercare-calls"))
