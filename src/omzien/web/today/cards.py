"""The cards of "what needs me today", one function per card; each asks the table first."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Min, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from omzien.areas.models import Municipality
from omzien.directory.models import Edit, Service
from omzien.directory.queries.editors import REMEMBERED, queue
from omzien.directory.queries.edits import latest_edits
from omzien.directory.terms import terms_of
from omzien.handovers.queries.offered import asked_of
from omzien.kernel.text import dial
from omzien.messages.queries import not_arriving
from omzien.people.models import Absence, Batch, MandateInvitation, Membership, ReviewLine
from omzien.people.queries.broken_roles import broken_roles
from omzien.people.queries.connectors import without_connector
from omzien.people.queries.hats import hats_for_others, whom
from omzien.people.queries.mailboxes import whom_to_call
from omzien.people.queries.mandates import only_mailed
from omzien.people.rules.retention import answer_by
from omzien.people.rules.roles import Actor, Scope
from omzien.questions.models import (
    AftercareAnswer,
    BreakGlass,
    Crisis,
    EarlySignal,
    Objection,
    Question,
    RouteProposal,
    Signal,
)
from omzien.questions.queries.inbox import late_in_team, waiting_for
from omzien.questions.queries.routing import (
    RECENT,
    route_changes,
    teams_all_away,
    teams_without_reader,
)
from omzien.web.today import mediation
from omzien.web.today.card import Card
from omzien.web.today.ways import ways
from omzien.web.waiting import waiting_for as waiting_for_me

SOON_DAYS, WEEK = 31, 7
MOST = 100  # counted; more than that is "100", and the list says the rest


def cards_for(actor: Actor, *, on: date) -> list[Card]:
    """Return the cards for somebody's role, urgent ones first."""
    found = [card for make in CARDS if (card := make(actor, on)) is not None]
    found += _my_questions(actor, on)
    return sorted(found, key=lambda card: not card.urgent)


def _my_questions(actor: Actor, on: date) -> list[Card]:
    """Return a card for each thing that waits at the questions that somebody follows, and the way
    to these.
    """
    if not actor.may("question.follow"):
        return []
    name = whom(actor)
    title = _("De vragen van %(name)s") % {"name": name} if name else _("Mijn vragen")
    at = _("Bij vraag %(number)s van %(name)s.") if name else _("Bij je vraag %(number)s.")
    cards = [
        Card(
            one.text,
            at % {"number": one.reference, "name": name},
            one.link,
            _("Bekijk het"),
            urgent=True,
            heard=one.text,
        )
        for one in waiting_for_me(actor, on=on)
    ]
    way = _("Naar de vragen")
    if only_mailed(actor, on=on):
        text = _("Je krijgt een mail als er een bericht is. De vragen zelf zie je niet.")
        way = _("Lees wat je mag")
    else:
        count = Question.objects.visible_to(actor).live().count()
        some = ngettext("%(n)d vraag loopt.", "%(n)d vragen lopen.", count) % {"n": count}
        text = some if count else _("Er loopt nu geen vraag.")
    cards.append(Card(title, text, reverse("my-questions"), way))
    cards += _whom_i_help(actor, on)
    asked = MandateInvitation.objects.visible_to(actor).open(on=on).exclude(resident=actor.person)
    if asked.exists():
        text = _("Iemand vraagt of jij wilt helpen. Zeg ja of nee.")
        link = (reverse("mandates"), _("Geef antwoord"))
        cards.append(Card(_("Wil je iemand helpen?"), text, *link, urgent=True))
    return cards


def _whom_i_help(actor: Actor, on: date) -> list[Card]:
    """Return a card for each resident with a mandate for `actor`; what waits there is read in
    that role, and in no other.
    """
    return [
        Card(
            _("Wie jij helpt: %(name)s") % {"name": hat.for_whom},
            _("Je mag helpen bij de vragen van %(name)s.") % {"name": hat.for_whom},
            reverse("my-questions"),
            hat=hat,
        )
        for hat in hats_for_others(actor, on=on)
    ]


def _help_questions(actor: Actor, on: date) -> Card | None:
    if not actor.may("question.work") or actor.team is None:
        return None
    waiting = waiting_for(actor, on=on, besides=len(asked_of(actor, on=on)))
    text = ngettext(
        "Er wacht %(n)s ding op jou of op je team.",
        "Er wachten %(n)s dingen op jou of op je team.",
        waiting.count,
    )
    link = (reverse("inbox"), _("Naar de hulpvragen"))
    some = text % {"n": waiting.said}
    said, more = (
        some if waiting.count else _("Er wacht nu niets op jou of op je team."),
        ways(actor),
    )
    return Card(_("Hulpvragen"), said, *link, urgent=waiting.count > 0, more=more)


def _where_to_help(actor: Actor, on: date) -> Card | None:
    """Return the way to who looks for a volunteer, for who is one."""
    if Scope.OWN not in actor.may("task.read"):
        return None
    text = _("Heb je nog tijd over? Kijk wie er iemand zoekt.")
    link = f"{reverse('answer')}?topic=volunteering"
    return Card(_("Waar kun je helpen?"), text, link, _("Kijk waar je kunt helpen"))


def _whom_to_call(actor: Actor, on: date) -> Card | None:
    """Return whom a volunteer calls: a volunteer fills in no form about somebody, and calls."""
    helps = Scope.OWN in actor.may("task.read")  # also in a role that no team gave
    if actor.may("question.work") or not (actor.team or helps):
        return None
    name, phone = whom_to_call(actor, on=on)
    if not phone:
        return None
    text = _("Maak je je zorgen, of weet je niet wat je moet doen? Bel. Je hoeft niets op te "
             "schrijven. Is er nu gevaar? Bel 112.")  # fmt: skip
    way = _("Bel %(name)s: %(phone)s") % {"name": name, "phone": phone}
    title = _("Bel je coördinator") if actor.team else _("Wie kun je bellen?")
    return Card(title, text, f"tel:{dial(phone)}", way)


def _late(actor: Actor, on: date) -> Card | None:
    if not actor.may("question.work") or actor.team is None:
        return None
    late = late_in_team(actor, on=on)
    if not late.count:
        return None
    text = ngettext(
        "%(n)s vraag van je team is over de dag.",
        "%(n)s vragen van je team zijn over de dag.",
        late.count,
    )
    link = (reverse("work-list") + "?due=late", _("Bekijk wat te laat is"))
    return Card(_("Te laat"), text % {"n": late.said}, *link, urgent=True)


def _team_loads(actor: Actor, on: date) -> Card | None:
    if Scope.FIGURES not in actor.may("caseload.totals"):
        return None
    text = _("Hoeveel vragen elk team nu heeft.")
    return Card(_("Werklast"), text, reverse("caseload-totals"), _("Bekijk de werklast"))


def _editors_queue(actor: Actor, on: date) -> Card | None:
    if not actor.may("directory.approve"):
        return None
    waiting = queue(Municipality.objects.get(code=actor.municipality), on=on)
    count = waiting.report_count + waiting.edit_count
    text = ngettext(
        "%(n)d melding of wijziging wacht.", "%(n)d meldingen en wijzigingen wachten.", count
    ) % {"n": count}
    if waiting.unkept_count:
        attention = ngettext(
            "%(n)d keer aanbod heeft aandacht nodig: zonder eigenaar, of bijna van de site.",
            "%(n)d keer aanbod heeft aandacht nodig: zonder eigenaar, of bijna van de site.",
            waiting.unkept_count,
        )
        text = f"{text} {attention % {'n': waiting.unkept_count}}"
    if waiting.never_count:
        never = ngettext(
            "%(n)d keer aanbod heeft een tijd die niet klopt.",
            "%(n)d keer aanbod heeft een tijd die niet klopt.",
            waiting.never_count,
        )
        text = f"{text} {never % {'n': waiting.never_count}}"
    is_urgent = count + waiting.unkept_count + waiting.never_count > 0
    return Card(_("Redactie"), text, reverse("editors"), _("Naar de redactie"), is_urgent)


def _own_entries(actor: Actor, on: date) -> Card | None:
    if Scope.OWN not in actor.may("directory.change"):
        return None
    kept = Service.objects.kept_by(actor)
    here = kept.published()
    due = here.due(on=on, terms=terms_of(actor.municipality)).count()
    edits = latest_edits(here.values("pk")).values()
    waiting = [edit for edit in edits if edit.state == Edit.State.WAITING]
    stops = sum(edit.says_stopped for edit in waiting)
    changes = len(waiting) - stops
    gone = kept.filter(left_on__gt=on - REMEMBERED).count()
    rejected = any(edit.state == Edit.State.REJECTED for edit in edits)
    said = []
    if due:
        said.append(
            ngettext(
                "%(n)d aanbod moet je weer controleren.",
                "%(n)d keer aanbod moet je weer controleren.",
                due,
            )
            % {"n": due}
        )
    if stops:
        said.append(
            ngettext(
                "Van %(n)d aanbod zei je dat het gestopt is. De redactie beslist.",
                "Van %(n)d keer aanbod zei je dat het gestopt is. De redactie beslist.",
                stops,
            )
            % {"n": stops}
        )
    if changes:
        said.append(
            ngettext(
                "%(n)d wijziging van je ligt bij de redactie.",
                "%(n)d wijzigingen van je liggen bij de redactie.",
                changes,
            )
            % {"n": changes}
        )
    if rejected:
        said.append(_not_taken(edits))
    if not said:
        said.append(_nothing_due(kept, here.aggregate(day=Min("checked_on"))["day"]))
    if gone:
        said.append(
            ngettext(
                "%(n)d aanbod ging in de laatste 60 dagen van de site.",
                "%(n)d keer aanbod ging in de laatste 60 dagen van de site.",
                gone,
            )
            % {"n": gone}
        )
    text = " ".join(said)
    return Card(
        _("Mijn aanbod"), text, reverse("own-entries"), _("Naar mijn aanbod"), due > 0 or rejected
    )


def _not_taken(edits: Iterable[Edit]) -> str:
    if all(edit.says_stopped for edit in edits if edit.state == Edit.State.REJECTED):
        return _("De redactie laat staan wat je gestopt noemde. Kijk waarom.")
    return _("De redactie heeft een wijziging van je niet overgenomen. Kijk waarom.")


def _nothing_due(kept: QuerySet[Service], oldest: date | None) -> str:
    """Say that there is nothing to check, and since when; without `oldest` nothing is there."""
    if oldest:
        day = date_format(oldest, "j F Y")
        text = _("Je hoeft nu niets te controleren. Het langst geleden gecontroleerd: %(day)s.")
        return text % {"day": day}
    if kept.exists():
        return _("Er staat nu niets van jouw organisatie op de site.")
    return _("Van jouw organisatie staat er nog niets op de site.")


def _areas_without_connector(actor: Actor, on: date) -> Card | None:
    if not actor.may("coverage.read"):
        return None
    empty = without_connector(actor.municipality, on=on)
    if not empty:
        return Card(_("Verbinders"), _("Elk dorp heeft vandaag een bereikbare verbinder."))
    text = _("Zonder bereikbare verbinder: %(villages)s.") % {"villages": ", ".join(empty)}
    may = actor.may("absence.record")
    link = (reverse("absences"), _("Wie is afwezig, en wie vervangt?")) if may else ("", "")
    return Card(_("Verbinders"), text, *link, urgent=True)


def _teams_without_reader(actor: Actor, on: date) -> Card | None:
    manages = bool(actor.may("organisation.manage"))
    if not (manages or actor.may("question.reassign")):
        return None
    unread = teams_without_reader(actor.municipality, on=on)
    away = teams_all_away(actor.municipality, on=on)
    if not (unread or away):
        return None
    title, said = _("Teams"), []
    if desk := next((one for one in unread if one.is_default), None):
        title = _("Vragen komen bij niemand aan")
        said.append(
            _("Bij %(desk)s komt alles wat nergens anders past, en daar werkt niemand die het "
              "leest. Zorg dat daar vandaag iemand een rol krijgt.") % {"desk": desk.name}
        )  # fmt: skip
    if others := ", ".join(one.name for one in unread if not one.is_default):
        text = _("Hier horen vragen te komen, maar er werkt niemand die ze leest: %(teams)s.")
        said.append(text % {"teams": others})
        said.append(_("Nieuwe vragen gaan zolang naar een ander team."))
    if away:
        text = _("Hier komen vragen, en iedereen is afwezig zonder vervanger: %(teams)s.")
        said.append(text % {"teams": ", ".join(one.name for one in away)})
    link = (reverse("teams"), _("Naar de teams")) if manages else ("", "")
    return Card(title, " ".join(said), *link, urgent=True)


def _away(actor: Actor, on: date) -> Card | None:
    if not actor.may("absence.record"):
        return None
    # How many, and not who: a page with names leaves a line in the log, and this one is read most.
    away = Absence.objects.visible_to(actor).on(on)
    count = away.values("membership__person").distinct().count()
    if not count:
        text, label = _("Er is niemand als afwezig gemeld."), _("Meld afwezigheid")
    else:
        text = ngettext("%(n)d persoon is nu afwezig.", "%(n)d personen zijn nu afwezig.", count)
        text, label = text % {"n": count}, _("Kijk wie, of meld afwezigheid")
    return Card(_("Afwezig"), text, reverse("absences"), label)


def _review(actor: Actor, on: date) -> Card | None:
    if not actor.may("review.decide"):
        return None
    waiting = ReviewLine.objects.decided_by(actor).open().once().count()
    link = (reverse("review"), _("Loop de rollen na"))
    if not waiting:
        return Card(_("Toegang nalopen"), _("Er staat niets open."), *link)
    text = ngettext(
        "Van %(n)d rol is nog niet gezegd of hij blijft.",
        "Van %(n)d rollen is nog niet gezegd of ze blijven.",
        waiting,
    )
    return Card(_("Toegang nalopen"), text % {"n": waiting}, *link, urgent=True)


def _broken_roles(actor: Actor, on: date) -> Card | None:
    if not actor.may("review.decide"):
        return None
    broken = broken_roles(Municipality.objects.get(pk=actor.municipality), on=on)
    count = Membership.objects.reviewed_by(actor).filter(pk__in=broken).count() if broken else 0
    if not count:
        return None
    text = ngettext(
        "%(n)d rol klopt niet meer met de regels. Beëindig hem, of geef hem opnieuw zoals het wel "
        "kan.",
        "%(n)d rollen kloppen niet meer met de regels. Beëindig ze, of geef ze opnieuw zoals het "
        "wel kan.",
        count,
    )
    title, label = _("Rollen die niet kloppen"), _("Bekijk wat er niet klopt")
    return Card(title, text % {"n": count}, reverse("review"), label, urgent=True)


def _people(actor: Actor, on: date) -> Card | None:
    if not actor.may("colleague.read"):
        return None
    count = Membership.objects.visible_to(actor).live(on=on).count()
    text = ngettext("%(n)d rol.", "%(n)d rollen.", count) % {"n": count}
    return Card(_("Mensen en rollen"), text, reverse("members"), _("Bekijk wie wat doet"))


def _settings(actor: Actor, on: date) -> Card | None:
    if not actor.may("settings.change"):
        return None
    text = _("Contact, dorpen, teksten, termijnen en kleuren van de gemeente.")
    link = (reverse("settings"), _("Naar de instellingen"))
    return Card(_("Instellingen"), text, *link, more=ways(actor, "texts.change"))


def _mail(actor: Actor, on: date) -> Card | None:
    """Return how many addresses get no mail, and none of them: whose they are is not theirs."""
    if not actor.may("settings.change"):
        return None
    count = len(not_arriving(since=timezone.now() - timedelta(days=WEEK)))
    if not count:
        return None
    text = ngettext(
        "Naar %(n)d adres kwam deze week een mail niet aan. Is het van een inwoner met een vraag? "
        "Dan belt het team. Kijk of de mailserver het doet, en of de adressen van teams kloppen.",
        "Naar %(n)d adressen kwam deze week een mail niet aan. Zijn ze van inwoners met een vraag? "
        "Dan belt het team. Kijk of de mailserver het doet, en of de adressen van teams kloppen.",
        count,
    )
    link = (reverse("teams"), _("Naar de teams"))
    return Card(_("Mail komt niet aan"), text % {"n": count}, *link, urgent=True)


def _ending(actor: Actor, on: date) -> Card | None:
    if actor.membership is None:
        return None
    day = Membership.objects.values_list("ends_on", flat=True).get(pk=actor.membership)
    if day is None:
        return None
    days = (day - on).days
    text = ngettext("Je rol eindigt over %(n)d dag.", "Je rol eindigt over %(n)d dagen.", days)
    return Card(_("Je rol"), text % {"n": days}, urgent=days < SOON_DAYS)


def _lists_to_erase(actor: Actor, on: date) -> Card | None:
    if not actor.may("retention.read"):
        return None
    rows = Batch.objects.visible_to(actor)
    if actor.may("retention.approve"):
        count = rows.decided_by(actor).filter(state=Batch.State.PROPOSED).count()
        text = ngettext(
            "%(n)d lijst om te wissen wacht op jou.",
            "%(n)d lijsten om te wissen wachten op jou.",
            count,
        )
    elif actor.may("retention.run"):
        count = rows.ready(on=on).count()
        text = ngettext(
            "%(n)d lijst is goedgekeurd en mag nu worden gewist.",
            "%(n)d lijsten zijn goedgekeurd en mogen nu worden gewist.",
            count,
        )
    else:
        count = rows.open().count()
        text = ngettext(
            "%(n)d lijst wordt straks gewist. Jij kunt dat tegenhouden.",
            "%(n)d lijsten worden straks gewist. Jij kunt dat tegenhouden.",
            count,
        )
    said = text % {"n": count} if count else _("Er staat niets klaar om te wissen.")
    title, label = _("Bewaren en wissen"), _("Bekijk de lijsten")
    return Card(title, said, reverse("retention"), label, count > 0)


def _requests_to_erase(actor: Actor, on: date) -> Card | None:
    if not (actor.may("retention.approve") or actor.may("retention.hold")):
        return None
    rows = Batch.objects.visible_to(actor).filter(kind="request").open()
    days = list(rows.order_by("proposed_on").values_list("proposed_on", flat=True))
    if not days:
        return None
    text = ngettext(
        "%(n)d verzoek is nog niet klaar. De maand eindigt op %(day)s.",
        "%(n)d verzoeken zijn nog niet klaar. De eerste maand eindigt op %(day)s.",
        len(days),
    )
    said = text % {"n": len(days), "day": date_format(answer_by(days[0]), "j F Y")}
    title, label = _("Verzoek om te wissen"), _("Kijk waar het op wacht")
    return Card(title, said, reverse("retention"), label, urgent=True)


def _network(actor: Actor, on: date) -> Card | None:
    if not actor.may("ecogram.keep"):
        return None
    text = _("Teken wie er om je heen staan. Alleen jij ziet de kaart, tot je hem zelf deelt.")
    return Card(_("Je eigen mensen"), text, reverse("my-network"), _("Naar je kaart"))


def _acute(actor: Actor, on: date) -> Card | None:
    if not actor.may("question.work"):
        return None
    rows = Crisis.objects.open().filter(question__in=Question.objects.alarming(actor))
    count = len(rows.values_list("pk", flat=True)[:MOST])
    if not count:
        return None
    text = ngettext("%(n)d vraag is acuut.", "%(n)d vragen zijn acuut.", count) % {"n": count}
    return Card(_("Acuut"), text, reverse("crises"), _("Kijk nu"), urgent=True)


def _waiting(
    verb: str,
    rows: Callable[[Actor], QuerySet[Any]],
    title: Any,
    page: str,
    label: Any,
    otherwise: Any = "",
) -> Callable[[Actor, date], Card | None]:
    """Return a card for a list of the team: how many wait; when none does `otherwise`, if any."""

    def card(actor: Actor, on: date) -> Card | None:
        if not actor.may(verb):
            return None
        link = (reverse(page), str(label))
        count = len(rows(actor).values_list("pk", flat=True)[:MOST])
        if not count:
            return Card(str(title), str(otherwise), *link) if otherwise else None
        text = ngettext("%(n)d wacht op je team.", "%(n)d wachten op je team.", count)
        return Card(str(title), text % {"n": count}, *link, urgent=True)

    return card


def _emergency(actor: Actor, on: date) -> Card | None:
    if not actor.may("story.emergency"):
        return None
    text = _("Kan een vraag van een ander team niet wachten? Lees mee, met een reden.")
    return Card(_("Noodinzage"), text, reverse("break-glass"), _("Lees in nood"))


def _routes(actor: Actor, on: date) -> Card | None:
    title = _("Welk team krijgt welke vraag?")
    if actor.may("rules.approve"):
        count = RouteProposal.objects.visible_to(actor).waiting().count()
        if not count:
            return None
        text = ngettext(
            "%(n)d voorstel wacht op antwoord.", "%(n)d voorstellen wachten op antwoord.", count
        )
        return Card(
            title, text % {"n": count}, reverse("route-proposals"), _("Zeg ja of nee"), urgent=True
        )
    if actor.may("rules.advise"):
        count = RouteProposal.objects.visible_to(actor).waiting().filter(advice="").count()
        if not count:
            return None
        text = ngettext(
            "Over %(n)d voorstel kun je advies geven.",
            "Over %(n)d voorstellen kun je advies geven.",
            count,
        )
        return Card(title, text % {"n": count}, reverse("advise-routes"), _("Geef advies"))
    if not actor.may("rules.propose"):
        return None
    text = _("Moet een ander team de vragen van een dorp krijgen?")
    return Card(title, text, reverse("propose-route"), _("Stel een andere route voor"))


def _routes_changed(actor: Actor, on: date) -> Card | None:
    """Return what changed lately in the routes: for the own team, or by a proposal taken over."""
    now, title = timezone.now(), _("Er is een route veranderd")
    if actor.may("rules.apply"):
        taken = RouteProposal.objects.visible_to(actor).filter(
            state=RouteProposal.State.TAKEN, answered_at__gte=now - RECENT
        )
        if not (count := taken.count()):
            return None
        text = ngettext(
            "In de laatste twee weken werd %(n)d voorstel van een coördinator een regel.",
            "In de laatste twee weken werden %(n)d voorstellen van coördinatoren een regel.",
            count,
        )
        return Card(title, text % {"n": count}, reverse("routes"), _("Bekijk de regels"))
    if not actor.may("rules.propose") or actor.team is None:
        return None
    found = route_changes(actor.municipality, now=now, team=actor.team)
    if not found:
        return None
    gets = any(actor.team in one.gets for one in found)
    loses = any(actor.team in one.loses for one in found)
    if gets and loses:
        text = _("Je team krijgt andere vragen, sinds %(day)s.")
    elif gets:
        text = _("Je team krijgt er vragen bij, sinds %(day)s.")
    else:
        text = _("Je team krijgt sommige vragen niet meer, sinds %(day)s.")
    said = text % {"day": date_format(timezone.localtime(found[-1].at), "j F")}
    return Card(title, said, reverse("propose-route"), _("Bekijk wat er veranderde"))


AROUND_QUESTIONS = (
    _waiting("signal.work", lambda actor: Signal.objects.visible_to(actor),
             gettext_lazy("Zorgen om iemand"), "signals", gettext_lazy("Bekijk de meldingen")),
    _waiting("early.work", lambda actor: EarlySignal.objects.visible_to(actor),
             gettext_lazy("Vroege signalen"), "early-signals",
             gettext_lazy("Bekijk de signalen"),
             gettext_lazy("Er wacht niets. Lees hier een bestand van een partner in.")),
    _waiting("objection.answer", lambda actor: Objection.objects.visible_to(actor).open(),
             gettext_lazy("Niet eens"), "objections", gettext_lazy("Geef antwoord")),
    _waiting("question.close", lambda actor: AftercareAnswer.objects.to_call(actor),
             gettext_lazy("Bellen voor nazorg"), "aftercare-calls",
             gettext_lazy("Bekijk wie je belt")),
    _waiting("emergency.review", lambda actor: BreakGlass.objects.visible_to(actor).to_review(),
             gettext_lazy("Noodinzages"), "emergency-readings", gettext_lazy("Kijk ze na")),
    _emergency,
)  # fmt: skip
CARDS: tuple[Callable[[Actor, date], Card | None], ...] = (
    _acute,
    _whom_to_call,
    _where_to_help,
    _help_questions,
    _late,
    _team_loads,
    _editors_queue,
    _own_entries,
    _areas_without_connector,
    _teams_without_reader,
    _away,
    _broken_roles,
    _review,
    _people,
    _settings,
    _mail,
    _ending,
    _lists_to_erase,
    _requests_to_erase,
    _network,
    _routes,
    _routes_changed,
    *mediation.CARDS,
    *AROUND_QUESTIONS,
)
