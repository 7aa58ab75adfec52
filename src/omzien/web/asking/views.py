"""Asking a person for help in three steps: what, who, and look once more before it is sent."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from omzien.areas.models import Village
from omzien.areas.queries import villages_of
from omzien.directory.language import crisis, detect
from omzien.directory.language.model import load
from omzien.directory.language.topics import all_topics
from omzien.directory.queries.danger import lines_of
from omzien.people.limits import too_many
from omzien.people.models import Person, Team
from omzien.people.queries.hats import hats_of
from omzien.people.queries.mandates import decides, who_reads_along
from omzien.people.rules.roles import Actor
from omzien.questions.queries.duty import promised
from omzien.questions.refusals import NotAllowed
from omzien.questions.rules.money import is_about_money
from omzien.questions.terms import terms_of
from omzien.web.asking.checks import Known, Wrong, where, wrong_about, wrong_who
from omzien.web.asking.draft import OTHER, Draft, begun, read
from omzien.web.asking.receipt import hand_over
from omzien.web.asking.sending import earlier, send, sent_before, suggestions, team_for, tips
from omzien.web.asking.sheet import sheet
from omzien.web.request import Request, town_of

ABOUT, WHO, CHECK = "about", "who", "check"
FROM_ANSWER = "answer"
QUESTIONS_PER_HOUR, STEPS_PER_HOUR = 10, 200
FIELDS: Mapping[str, tuple[str, ...]] = {
    ABOUT: ("story", "place", "village", "tried"),
    WHO: (
        "topic", "more", "for_whom", "other_name", "other_phone", "other_email", "knows", "name",
        "phone", "email", "is_me", "reach_by", "moment",
    ),
    CHECK: (),
}  # fmt: skip


@never_cache
@require_http_methods(["GET", "POST"])
def ask_page(request: Request) -> HttpResponse:
    """Walk through the three steps. The address stays the same: the words are in the form."""
    municipality = town_of(request)
    if not _may_ask(request.actor):
        may_for = request.actor.may_all("question.ask_for_other")
        return render(request, "asking/other_role.html", {"may_for": may_for})
    known = _known(request.actor)
    if request.method == "GET":
        return _first(request, known)
    # `at` is the step that was filled in, `to` the one that a button of the page leads to.
    draft, at, to = read(request.POST), request.POST.get("at", ""), request.POST.get("to")
    before = sent_before(municipality, draft)
    if before is not None:  # it was sent: of its steps nothing is left
        if to:
            return HttpResponseRedirect(reverse("asked"))
        return hand_over(request, before, again=True, differs=before.story != draft.story)
    if too_many(request, "ask-step", per_hour=STEPS_PER_HOUR):
        return _about(request, draft, {"story": _busy()}, status=429)
    if to == ABOUT:
        return _about(request, draft, {})
    if to == WHO:
        return _who(request, draft, {})
    danger = crisis.anywhere(draft.story)
    if danger and draft.is_calm != danger:
        return _crisis(request, draft.but(is_calm=str(danger)), danger, at)
    draft = draft.but(is_calm=str(danger or ""))
    if at == FROM_ANSWER:
        return _about(request, draft, {})
    return _onwards(request, draft, at, known)


def _first(request: Request, known: Known) -> HttpResponse:
    """Show the first step; or, to a proxy whose mandate lets them ask nothing, the way on."""
    if decides(request.actor, on=timezone.localdate()):
        draft = begun(request.GET)
        before = earlier(draft, request.actor)
        village = before.village.slug if before else _village(request)
        topics = tuple(before.topics) if before else draft.topic
        return _about(request, draft.but(village=village, topic=topics), {})
    hats = hats_of(request.user.pk, on=timezone.localdate())  # type: ignore[arg-type]
    own = [hat for hat in hats if hat.key == f"person:{request.actor.person}"]
    context = {"name": known.for_whom, "hats": own, "next": request.get_full_path()}
    return render(request, "asking/not_for_them.html", context)


def _onwards(request: Request, draft: Draft, at: str, known: Known) -> HttpResponse:
    """Check what was filled in so far, and show the next step, or the first that misses something.

    All steps are checked each time: nothing of an earlier one was kept here.
    """
    municipality = town_of(request)
    wrong = wrong_about(draft, municipality)
    if wrong:
        return _about(request, draft, wrong, status=400)
    if at not in (WHO, CHECK):
        return _who(request, draft, {})
    wrong = _is_somebody_else(request, draft) or wrong_who(draft, known)
    if wrong:
        return _who(request, draft, wrong, status=400)
    village, _why = where(draft, municipality)
    assert village is not None
    team = team_for(municipality, village, draft, timezone.now())
    if at == CHECK:
        return _send(request, draft, village, team, known)
    return _check(request, draft, village, team, known)


def _send(
    request: Request, draft: Draft, village: Village, team: Team, known: Known
) -> HttpResponse:
    if draft.team != str(team.pk):  # the page named another team: look again first
        notice = _("Je vraag gaat nu naar %(team)s. Dat is veranderd terwijl je bezig was. "
                   "Kijk nog even, en verstuur dan.") % {"team": team.name}  # fmt: skip
        return _check(request, draft, village, team, known, notice=notice, status=409)
    if too_many(request, "ask", per_hour=QUESTIONS_PER_HOUR):
        return _check(request, draft, village, team, known, notice=_busy(), status=429)
    try:
        question = send(
            draft, municipality=town_of(request), village=village, known=known,
            by=request.actor, now=timezone.now(), follows=earlier(draft, request.actor),
        )  # fmt: skip
    except NotAllowed:  # the mandate lets somebody look, and not act
        told = _("Met deze machtiging mag je meekijken, maar niet in hun naam vragen.")
        return _who(request, draft, {"for_whom": told}, status=400)
    return hand_over(request, question)


def _about(request: Request, draft: Draft, wrong: Wrong, *, status: int = 200) -> HttpResponse:
    more = {
        "known": _known(request.actor),
        "villages": villages_of(town_of(request)),
        "choose_village": "place" in wrong or bool(draft.village),
        "tips": tips(draft),
        "earlier": earlier(draft, request.actor),
    }
    return _step(request, ABOUT, draft, wrong, more, status)


def _who(request: Request, draft: Draft, wrong: Wrong, *, status: int = 200) -> HttpResponse:
    offered, likely = suggestions(draft.story, town_of(request))
    if not draft.suggested:  # nobody looked at the topics yet
        draft = draft.but(topic=draft.topic or likely)
    known = _known(request.actor)
    options = tuple(dict.fromkeys((*draft.topic, *offered)))
    draft = draft.but(suggested=options, hat=_hat(request.actor))
    more = {
        "options": options,
        "others": [one for one in all_topics() if one not in options],
        "known": known,
        "shown": {"phone": draft.phone or known.phone, "email": draft.email or known.email},
    }
    return _step(request, WHO, draft, wrong, more, status)


def _check(
    request: Request,
    draft: Draft,
    village: Village,
    team: Team,
    known: Known,
    *,
    notice: str = "",
    status: int = 200,
) -> HttpResponse:
    town = town_of(request)
    chosen = set(draft.tried)
    terms = terms_of(town.pk)
    more = {
        "team": team,
        "village": village,
        "known": known,
        "read_along": _reading_along(request.actor, draft),
        "earlier": None if draft.for_whom == OTHER else earlier(draft, request.actor),
        "phone": draft.phone or known.phone,
        "email": draft.email or known.email,
        "tried": [card.title for card in tips(draft) if card.id in chosen],
        "reply_by": terms.after(timezone.localdate(), terms.reply),
        "acute": promised(town.pk, at=timezone.now()) if draft.is_calm else None,
        "notice": notice,
    }
    return _step(request, CHECK, draft.but(team=str(team.pk)), {}, more, status)


def _crisis(request: Request, draft: Draft, danger: crisis.Kind, at: str) -> HttpResponse:
    """Show whom to call now, before any form goes on."""
    municipality = town_of(request)
    language = detect.language(draft.story, load().scores(draft.story)["language"])
    lines = lines_of(danger, municipality, language=language)
    context = {
        "crisis_lines": lines,
        "crisis_heading": crisis.heading(language),
        "said": {line.dial for line in lines},  # a number stands on the page once
        "language": language,
        "carried": draft.pairs(),
        "all": [*draft.but(is_calm="").pairs(), ("text", ""), ("at", at)],
        "at": at if at in (FROM_ANSWER, WHO, CHECK) else ABOUT,
        "desk": Team.objects.live().filter(municipality=municipality, is_default=True).first(),
    }
    return render(request, "asking/crisis.html", context)


def _step(
    request: Request, step: str, draft: Draft, wrong: Wrong, more: dict[str, Any], status: int
) -> HttpResponse:
    context = {
        "draft": draft,
        "form": sheet(draft, FIELDS[step], wrong, **more.pop("shown", {})),
        "carried": draft.pairs(*FIELDS[step]),
        # To the other language and back: what was sent before comes along.
        "all": [*draft.pairs(), ("text", ""), ("at", WHO) if step == CHECK else ("to", step)],
        "number": list(FIELDS).index(step) + 1,
        **more,
    }
    return render(request, f"asking/{step}.html", context, status=status)


def _is_somebody_else(request: Request, draft: Draft) -> Wrong:
    """Return what to say when somebody is no longer here as who filled in the form.

    A mandate may end, or a session, while somebody types. What was typed stays; it is never
    sent in a name that somebody does not have any more.
    """
    if draft.hat in ("", _hat(request.actor)):
        return {}
    if draft.hat.startswith("mandate:"):
        told = _("Je machtiging geldt niet meer. Je kunt de vraag nog wel zelf stellen, als die "
                 "persoon het weet. Kies hieronder voor wie je het vraagt.")  # fmt: skip
    else:
        told = _("Je bent niet meer aangemeld zoals daarnet. Kijk of alles hieronder klopt.")
    return {"for_whom": told}


def _hat(actor: Actor) -> str:
    if actor.represents:
        return f"mandate:{actor.represents}"
    return f"person:{actor.person}" if actor.person else "visitor"


def _known(actor: Actor) -> Known:
    """Return what signing in tells about who asks."""
    if not actor.person:
        return Known()
    me = Person.objects.get(pk=actor.person)
    whom = Person.objects.get(pk=actor.represents).name if actor.represents else ""
    return Known(me.name, me.phone, me.email, whom)


def _reading_along(actor: Actor, draft: Draft) -> list[str]:
    """Return the names of who else reads what is asked here by a mandate. A proxy is told that
    there are some, and not who.
    """
    asker, today = actor.represents or actor.person, timezone.localdate()
    if not asker:
        return []
    money = is_about_money(draft.topics)
    return who_reads_along(asker, on=today, about_money=money, but=actor.person)


def _may_ask(actor: Actor) -> bool:
    return bool(actor.may("question.ask")) or bool(actor.represents)


def _busy() -> str:
    return _("Van dit adres komen nu erg veel vragen. Wacht een uur, of bel het loket.")


def _village(request: Request) -> str:
    """Return the village from whose page somebody comes."""
    wanted = request.GET.get("dorp", "")
    return wanted if wanted in {one.slug for one in villages_of(town_of(request))} else ""
