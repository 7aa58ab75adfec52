"""Asking: a question gets a reference, a desk and a clock in the moment that it is sent."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.utils import timezone

from omzien.areas.models import Municipality, Village
from omzien.kernel.ladder import Rung
from omzien.kernel.text import clean, one_line
from omzien.people.actions.claiming import owner_under
from omzien.people.actions.memberships import held_live, welcome_person
from omzien.people.actions.teams import the_default_team
from omzien.people.models import Mandate, Person
from omzien.people.queries.mandates import allows
from omzien.people.rules.roles import Actor, Scope
from omzien.questions.actions.by_law import put_by_law
from omzien.questions.actions.crisis import begin
from omzien.questions.actions.receipts import tell_received
from omzien.questions.actions.writing import note
from omzien.questions.models import Attempt, Question
from omzien.questions.models.questions import LONGEST_STORY, MOST_TOPICS
from omzien.questions.queries.duty import promised
from omzien.questions.queries.routing import routes_of
from omzien.questions.refusals import NeedsName, NeedsReach, NeedsStory, NotAllowed, TooLong
from omzien.questions.rules.references import new_reference
from omzien.questions.rules.states import Channel, ReachBy
from omzien.questions.terms import terms_of

MOST_ROUTES = 3  # looks at the routes, while teams end at the same moment


@dataclass(frozen=True, kw_only=True)
class Contact:
    """Who somebody is and how to reach them; the mail address also opens "my questions"."""

    name: str
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, kw_only=True)
class Tried:
    """What the resident tried before asking: the answer page's suggestions travel along."""

    rung: Rung
    offer: str = ""
    service: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What somebody asks. `contact` is the resident's; `asker` is who asks for them, if another."""

    story: str
    village: Village
    contact: Contact
    reach_by: ReachBy
    channel: Channel = Channel.WEB
    topics: Iterable[str] = ()
    asker: Contact | None = None
    best_moment: str = ""
    language: str = "nl"
    tried: Iterable[Tried] = ()
    is_acute: bool = False
    key: UUID = field(default_factory=uuid4)


@transaction.atomic
def ask(
    *,
    municipality: Municipality,
    asked: Asked,
    by: Actor,
    now: datetime,
    person: Person | None = None,
    follows: Question | None = None,
) -> Question:
    """Ask for help: the question has a team, a reference and a clock when this returns.

    The same `key` again gives the question that is there: sent twice is asked once. `person` is
    the resident when known: who is signed in, or whom a proxy represents. A question that
    `follows` an ended one of the same resident takes along what was tried then.
    Raises NotAllowed, NeedsName, NeedsReach, NeedsStory, TooLong.
    """
    _one_at_a_time(asked.key)
    if before := Question.objects.filter(municipality=municipality, key=asked.key).first():
        return before
    story = clean(asked.story)
    _check(asked, story, person)
    local = timezone.localtime(now)
    _may_ask(by, person, local.date())
    resident = person or _welcome(municipality, asked.contact, by)
    if person is not None:
        _bring_up_to_date(person, asked.contact, is_own=person.pk == by.person)
    asker = _asker(municipality, asked.asker, by)
    terms = terms_of(municipality.code)
    question = Question.objects.create(
        municipality=municipality,
        reference=new_reference(lambda found: _is_taken(municipality, found)),
        key=asked.key,
        person=resident,
        asked_by=asker,
        channel=asked.channel,
        reach_by=asked.reach_by,
        best_moment=one_line(asked.best_moment, 200),
        language=asked.language,
        story=story,
        topics=list(dict.fromkeys(asked.topics))[:MOST_TOPICS],
        village=asked.village,
        team_id=held_team_for(municipality, asked.village, asked.topics, local),
        is_acute=asked.is_acute,
        asked_at=now,
        # What cannot wait: the day on which somebody reads it, for that is what was promised.
        due_on=promised(municipality.code, at=now).opens.date()
        if asked.is_acute
        else terms.after(local.date(), terms.reply),
        follows=follows,
    )
    if days := terms.by_law(question.topics, local.date(), is_acute=asked.is_acute):
        put_by_law(question, days, now=now)
    _keep_tries(question, asked.tried, local.date())
    if follows:
        _take_along(question, follows)
    note(question, "ask", by, channel=str(asked.channel))
    tell_received(question)
    if asked.is_acute:
        begin(question, by=by, now=now)
    return question


def held_team_for(
    municipality: Municipality, village: Village, topics: Iterable[str], local: datetime
) -> UUID:
    """Return the team that gets it, held: nobody archives it before this is stored."""
    desk = the_default_team(municipality).pk
    for _ in range(MOST_ROUTES):
        routes = routes_of(municipality, default=desk)
        team = routes.team_for(village.pk, topics, local)
        if held_live(team):
            return team
    return desk  # it is never archived


def _check(asked: Asked, story: str, person: Person | None) -> None:
    if not story:
        raise NeedsStory
    if len(story) > LONGEST_STORY:
        raise TooLong(LONGEST_STORY)
    name = person.name if person else asked.contact.name
    if not name.strip() or (asked.asker and not asked.asker.name.strip()):
        raise NeedsName
    mail = asked.contact.email or (person.email if person else "")
    phone = asked.contact.phone or (person.phone if person else "")
    if asked.asker:  # who asks for another is reached for them
        mail, phone = mail or asked.asker.email, phone or asked.asker.phone
    missing = {ReachBy.MAIL: not mail, ReachBy.PHONE: not phone}
    if missing.get(asked.reach_by, not (mail or phone)):
        raise NeedsReach


def _may_ask(by: Actor, person: Person | None, on: date) -> None:
    for_other = by.may("question.ask_for_other")
    if Scope.MANDATE in for_other and person is not None and person.pk == by.represents:
        if not allows(by, Mandate.What.ACT, on=on):
            raise NotAllowed
        return
    own = Scope.OWN in by.may("question.ask") and (person is None or person.pk == by.person)
    if not (own or Scope.ALL in for_other or by.machine):
        raise NotAllowed


def _welcome(municipality: Municipality, contact: Contact, by: Actor) -> Person:
    return welcome_person(
        municipality=municipality,
        name=contact.name,
        email=contact.email,
        phone=contact.phone,
        account=owner_under(contact.name, contact.email),
        by=by,
    )


def _asker(municipality: Municipality, contact: Contact | None, by: Actor) -> Person | None:
    """Return who asks for another: who is signed in themselves, or somebody new."""
    if by.membership is None and by.person and (contact or by.represents):
        me = Person.objects.get(pk=by.person)
        if contact:
            _bring_up_to_date(me, contact, is_own=True)
        return me
    return _welcome(municipality, contact, by) if contact else None


def _bring_up_to_date(person: Person, contact: Contact, *, is_own: bool) -> None:
    """Keep how somebody is reached: one's own is changed, another's only filled in."""
    new = {"email": contact.email.strip().casefold(), "phone": contact.phone.strip()}
    changed = [
        name
        for name, value in new.items()
        if value and value != getattr(person, name) and (is_own or not getattr(person, name))
    ]
    for name in changed:
        setattr(person, name, new[name])
    if changed:
        person.save(update_fields=changed)


def _is_taken(municipality: Municipality, reference: str) -> bool:
    return Question.objects.filter(municipality=municipality, reference=reference).exists()


def _one_at_a_time(key: UUID) -> None:
    """Let who sends the same form at the same moment wait for the first one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"ask:{key}"])


def _keep_tries(question: Question, tried: Iterable[Tried], day: date) -> None:
    rows = [
        Attempt(
            municipality_id=question.municipality_id,
            question=question,
            rung=one.rung,
            offer=one.offer[:200],
            service=one.service,
            by_resident=True,
            started_on=day,
            ended_on=day,
            result=Attempt.Result.FAILED,
        )
        for one in tried
    ]
    Attempt.objects.bulk_create(rows)


def _take_along(question: Question, earlier: Question) -> None:
    """Copy what was tried and how it went, so that nobody proposes it once more unknowing."""
    ended = Attempt.objects.filter(question=earlier).exclude(
        result__in=[Attempt.Result.BUSY, Attempt.Result.SKIPPED]
    )
    rows = list(ended)
    for row in rows:
        row.pk, row.question = uuid4(), question
        row._state.adding = True
    Attempt.objects.bulk_create(rows)
