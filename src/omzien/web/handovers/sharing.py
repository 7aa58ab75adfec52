"""The resident's own page: what may be shared with whom, and what was."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from omzien.handovers.actions.answering import dispute
from omzien.handovers.actions.consenting import answer_consent, take_back
from omzien.handovers.actions.offering import withdraw
from omzien.handovers.models import Handover, Involvement, OfferDraft
from omzien.handovers.queries.consents import Reads, secret_teams, still_reads
from omzien.handovers.queries.helping import helped_until, reading, reads
from omzien.handovers.queries.packages import Package, preview_of
from omzien.handovers.refusals import NotAllowed
from omzien.handovers.rules.states import State
from omzien.people import refusals as people
from omzien.people.gates import by_key
from omzien.people.models import Ground
from omzien.people.queries.grounds import said_by, standing_of
from omzien.people.queries.mandates import decides
from omzien.people.rules.grounds import (
    BY_LAW,
    HAND_OVER,
    LET_ALONG,
    WORK_ALONG,
    Category,
    GroundKind,
    How,
    What,
)
from omzien.people.rules.roles import Actor
from omzien.questions.models import Objection, Question
from omzien.web.doors import needs
from omzien.web.handovers.forms import DisputeForm
from omzien.web.handovers.words import (
    CATEGORIES,
    LAWS,
    MEANWHILE,
    REFUSED,
    STANDINGS,
    STATES,
)
from omzien.web.logged import logged, reached_of, shows, shows_beside
from omzien.web.questions.words import REACH_BY
from omzien.web.request import Request, the_row

STOPPED = {
    None: gettext_lazy(
        "Je toestemming is ingetrokken. Vanaf nu ziet %(team)s niets meer van deze vraag."
    ),
    Reads.OWNS: gettext_lazy(
        "Je toestemming is ingetrokken. Maar %(team)s helpt je nu, en leest deze vraag daarom nog. "
        "Wil je dat niet? Stop dan je vraag, of zeg dat je het niet eens bent."
    ),
    Reads.LAW: gettext_lazy(
        "Je toestemming is ingetrokken. Wat een wet laat delen, mag %(team)s nog zien. Dat staat "
        "op de pagina over delen."
    ),
}


@dataclass(frozen=True)
class Shared:
    """What the resident reads about one receiver: what is asked, or what stands for it."""

    ground: Ground
    standing: Any
    names: list[str]
    what: list[Any]
    until: date
    law: Any
    part: str
    asks: bool
    holds: bool
    is_heard: bool
    by: str  # who said it for the resident, by mandate
    owns: bool
    reads: bool
    package: Package | None
    reach: Any


@dataclass(frozen=True)
class Offered:
    """One handover as the resident reads it."""

    handover: Handover
    state: Any
    may_dispute: bool
    until: datetime | None  # when the receiver helped no more
    reads: bool  # the receiver, now


@needs("consent.give")
@require_http_methods(["GET", "HEAD", "POST"])
@logged(purpose="sharing", kind="question", about=reached_of)
def sharing_page(request: Request, key: uuid.UUID) -> HttpResponse:
    """Show what is asked, given and withdrawn, and who got the question; take a yes or a no."""
    question = own_question(request, key)
    form = DisputeForm(request.POST or None)
    if request.method == "POST":
        try:
            told = _do(request, question, form)
        except (NotAllowed, people.NotAllowed):
            raise Http404 from None
        except REFUSED as refusal:
            if not isinstance(refusal, MEANWHILE):
                raise
            return _page(request, question, form, status=409, meanwhile=True)
        if told:
            messages.success(request, told)
            return HttpResponseRedirect(request.path)
    return _page(request, question, form, status=400 if form.errors else 200)


def own_question(request: Request, key: uuid.UUID) -> Question:
    """Return a question of who looks, or of whom they represent."""
    rows = Question.objects.visible_to(request.actor)
    found = by_key(rows.select_related("person", "team", "municipality"), key)
    if found is None or request.actor.membership is not None:
        raise Http404
    return found


def _do(request: Request, question: Question, form: DisputeForm) -> str:
    what, actor, now = request.POST.get("doe", ""), request.actor, timezone.now()
    if what in ("yes", "no", "stop"):
        rows = Ground.objects.visible_to(actor).filter(person=question.person_id)
        ground = the_row(rows, request.POST.get("over"))
        if what == "stop":
            take_back(question=question, ground=ground, by=actor, now=now)
            return stopped(question, ground, actor)
        answer_consent(question=question, ground=ground, is_given=what == "yes", by=actor, now=now)
        return (
            _("Je zei ja. Je kunt dat hier altijd terugdraaien.")
            if what == "yes"
            else _refused(question, ground, actor)
        )
    handover = the_row(Handover.objects.filter(question=question), request.POST.get("over"))
    if what == "dispute":
        if not form.is_valid():
            return ""
        dispute(handover=handover, text=form.cleaned_data["text"], by=actor, now=now)
        return _("Dank je wel. Een coördinator kijkt ernaar en neemt contact met je op.")
    if what == "withdraw":
        withdraw(handover=handover, by=actor, now=now)
        return _("De overdracht is gestopt. Je vraag blijft bij het team dat je nu helpt.")
    raise Http404


def stopped(question: Question, ground: Ground, actor: Actor) -> str:
    """Return what is so for the receivers of a consent that was just taken back."""
    question.refresh_from_db(fields=["team"])
    known = Ground.objects.visible_to(actor)
    why = still_reads(question, ground, known, at=timezone.now())
    return str(STOPPED[why]) % {"team": ", ".join(ground.receivers)}


def _refused(question: Question, ground: Ground, actor: Actor) -> str:
    if still_reads(question, ground, Ground.objects.visible_to(actor), at=timezone.now()):
        names = {"team": ", ".join(ground.receivers)}
        return _("Je zei nee. Wat een wet laat delen, mag %(team)s nog zien.") % names
    return _("Je zei nee. Er wordt niets gedeeld, en je team helpt je gewoon verder.")


def _page(
    request: Request,
    question: Question,
    form: DisputeForm,
    *,
    status: int,
    meanwhile: bool = False,
) -> HttpResponse:
    handovers = Handover.objects.visible_to(request.actor).filter(question=question)
    rows = list(
        handovers.select_related("from_team", "to_team")
        .prefetch_related("meetings")
        .order_by("-offered_at", "pk")
    )
    for one in rows:
        one.question = question
    secret = secret_teams(question.person_id, Ground.objects.visible_to(request.actor))
    open_ = Involvement.objects.open().filter(question=question).exclude(team__in=secret)
    along = list(open_.select_related("team"))
    keys, until = reading(question, rows, along), helped_until(question, rows)
    may_dispute = bool(request.actor.may("contact.dispute"))
    context = {
        "question": question,
        "may_decide": decides(request.actor, on=timezone.localdate()),
        "grounds": _grounds(request, question, keys),
        "along": along,
        "handovers": [
            Offered(
                one,
                STATES[State(one.state)],
                may_dispute and _can_dispute(one),
                until.get(one.pk),
                one.to_team_id in keys,
            )
            for one in rows
        ],
        "objected": any(one.was_unseen for one in rows)
        and Objection.objects.visible_to(request.actor).open().filter(question=question).exists(),
        "form": form,
        "meanwhile": meanwhile,
    }
    return render(request, "handovers/sharing.html", context, status=status)


def _can_dispute(handover: Handover) -> bool:
    return handover.is_theirs and handover.disputed_at is None


def _grounds(request: Request, question: Question, keys: set[uuid.UUID]) -> list[Shared]:
    actor = request.actor
    rows = (
        Ground.objects.visible_to(actor)
        .filter(person=question.person_id, purpose__in=LET_ALONG)
        .prefetch_related("events", "recipients__team", "recipients__organisation")
        .order_by("-created_at", "pk")
    )
    draft = OfferDraft.objects.filter(question=question).first()
    now = timezone.now()
    by = said_by(question.person_id, rows)
    # Only who asked says yes: somebody who was joined with them by mistake may not.
    decides = question.person_id in (actor.person, actor.represents)
    cards: dict[object, list[tuple[Ground, What | None]]] = {}
    for one in rows:
        standing = standing_of(one, at=now)
        alone = standing == What.ASKED or GroundKind(one.kind) in BY_LAW
        whom = frozenset((to.team_id, to.organisation_id) for to in one.recipients.all())
        cards.setdefault(one.pk if alone else (one.purpose, whom), []).append((one, standing))
    names = {key: one.name for key, one in by.items()}
    found = [
        _shared(same, question, draft, names, keys, decides=decides) for same in cards.values()
    ]
    shows_beside(request, question.person_id, [one.key for one in by.values()])
    shows(request, (one.package.asker_key for one in found if one.package))
    return found


def _shared(
    same: list[tuple[Ground, What | None]],
    question: Question,
    draft: OfferDraft | None,
    by: dict[uuid.UUID, str],
    keys: set[uuid.UUID],
    *,
    decides: bool,
) -> Shared:
    """Return one card: of all that holds together, or else of what was said last."""
    held = [one for one, standing in same if standing == What.GIVEN]
    ground, now = (held[0], What.GIVEN) if held else same[0]
    shown = held or [ground]
    whom = {to.team_id for to in ground.recipients.all()}
    asks = decides and now == What.ASKED
    categories = {Category(one) for row in shown for one in row.categories}
    waits = asks and ground.purpose == HAND_OVER and draft and draft.to_team_id in whom
    words = draft.words if draft and waits else None
    package = preview_of(question, words=words, categories=categories) if words else None
    by_law = GroundKind(ground.kind) in BY_LAW
    return Shared(
        ground=ground,
        standing=STANDINGS.get(now, "") if now and not by_law else "",
        names=ground.receivers,
        what=[CATEGORIES[one] for one in sorted(categories)],
        until=max(one.until_on for one in shown),
        law=LAWS.get(GroundKind(ground.kind), "") if by_law else "",
        part=ground.explanation if ground.purpose == WORK_ALONG else "",
        asks=asks,
        holds=bool(held),
        is_heard=bool(held) and ground.how != How.ONLINE,
        by=by.get(ground.pk, ""),
        owns=question.is_live and question.team_id in whom,
        reads=reads(ground, keys),
        package=package,
        reach=REACH_BY[package.reach_by] if package and package.reach_by else "",
    )
