"""From a draft to a question: who it is for, who asks, and to whom it goes."""

from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import get_language

from omzien.areas.models import Municipality, Village
from omzien.directory.language import crisis
from omzien.directory.language import topics as topic_list
from omzien.directory.queries.cards import Card, cards
from omzien.directory.queries.indexes import kept_for
from omzien.directory.search.answer import understand
from omzien.kernel.ladder import Rung
from omzien.people.actions.teams import the_default_team
from omzien.people.models import Person, Team
from omzien.people.rules.roles import PUBLIC, Actor, Scope
from omzien.questions.actions.asking import Asked, Contact, Tried, ask
from omzien.questions.models import Question
from omzien.questions.queries.routing import routes_of
from omzien.questions.rules.states import ENDED, Channel, Left, ReachBy
from omzien.web.asking.checks import Known
from omzien.web.asking.draft import OTHER, Draft

LIKELY = 0.15  # from this share of a story on a topic is ticked before somebody looks
MOST_TICKED = 3


def suggestions(story: str, municipality: Municipality) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the topics that a story may be about, and those of them that are likely."""
    kept = kept_for(municipality.code, on=timezone.localdate())
    found = topic_list.best_of(understand(story, kept.index, kept.thesaurus).shares)
    likely = [one.topic for one in found if one.share >= LIKELY][:MOST_TICKED]
    return tuple(one.topic for one in found), tuple(likely)


def team_for(municipality: Municipality, village: Village, draft: Draft, at: datetime) -> Team:
    """Return the team that would get a draft at a moment."""
    routes = routes_of(municipality, default=the_default_team(municipality).pk)
    team = routes.team_for(village.pk, draft.topics, timezone.localtime(at))
    return Team.objects.get(pk=team)


def tips(draft: Draft) -> list[Card]:
    """Return the cards of what the answer page showed, as far as they are still there."""
    return cards(draft.tip, actor=PUBLIC, now=timezone.localtime()) if draft.tip else []


def send(
    draft: Draft,
    *,
    municipality: Municipality,
    village: Village,
    known: Known,
    by: Actor,
    now: datetime,
    channel: Channel = Channel.WEB,
    person: Person | None = None,
    follows: Question | None = None,
) -> Question:
    """Ask what a draft says. Raises what `ask` raises."""
    own = Contact(name=draft.name or known.name, phone=draft.phone, email=draft.email)
    other = Contact(name=draft.other_name, phone=draft.other_phone, email=draft.other_email)
    contact, asker = own, None
    if channel != Channel.WEB:  # who works here writes down for the resident, maybe for who calls
        asker = other if draft.other_name else None
    elif known.for_whom:
        contact, asker = Contact(name=known.for_whom), own
    elif draft.for_whom == OTHER:
        contact, asker = other, own
    asked = Asked(
        story=draft.story,
        village=village,
        contact=contact,
        asker=asker,
        reach_by=ReachBy(draft.reach_by),
        channel=channel,
        topics=draft.topics,
        best_moment=draft.moment,
        language=(get_language() or "nl")[:2],
        tried=_tried(draft),
        is_acute=crisis.anywhere(draft.story) is not None,
        key=UUID(draft.key),
    )
    whose = person or _whose(draft, known, by)
    if whose is None:  # for another than who asked the earlier one
        follows = None
    return ask(
        municipality=municipality, asked=asked, person=whose, by=by, now=now, follows=follows
    )


def sent_before(municipality: Municipality, draft: Draft) -> Question | None:
    """Return the question that this form became already: its key is known to who has the form."""
    return Question.objects.filter(municipality=municipality, key=draft.key).first()


def earlier(draft: Draft, by: Actor) -> Question | None:
    """Return the ended question that a draft follows: one's own, or one of the own team."""
    if not draft.after:
        return None
    own = Question.objects.visible_to(by).filter(state__in=ENDED)
    rows = Question.objects.ended_for(by) if by.membership else own
    rows = rows.filter(person__isnull=False).exclude(left=Left.DIED)
    return rows.filter(pk=draft.after).select_related("person", "village").first()


def _whose(draft: Draft, known: Known, by: Actor) -> Person | None:
    """Return whose question it is, when signing in says so."""
    if known.for_whom:
        return Person.objects.get(pk=str(by.represents))
    if Scope.OWN in by.may("question.ask") and by.person and draft.for_whom != OTHER:
        return Person.objects.get(pk=by.person)
    return None


def _tried(draft: Draft) -> list[Tried]:
    chosen = set(draft.tried)
    return [
        Tried(rung=Rung(card.rung), offer=card.title, service=UUID(card.id))
        for card in tips(draft)
        if card.id in chosen
    ]
