"""A person of whom every table that can hold personal data holds some: the canary."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.utils import timezone

from omzien.agenda.models import PageFeedback
from omzien.directory.actions.entries import reindex
from omzien.directory.models import (
    Edit,
    ImportBefore,
    ImportFile,
    ImportRun,
    Phone,
    Report,
    Service,
)
from omzien.handovers.models import (
    Consult,
    Handover,
    HandoverLink,
    Involvement,
    Meeting,
    OfferDraft,
    Referral,
    Wait,
)
from omzien.journal.isolation import working_for
from omzien.mediation.models import Agreement, Case, Mediator, Party, Seat, Talk
from omzien.messages.models import Message
from omzien.people.actions import grounds
from omzien.people.actions.memberships import be_away
from omzien.people.actions.reviews import open_due_reviews
from omzien.people.actions.teams import form_team, the_default_team
from omzien.people.models import (
    Account,
    Ground,
    Hold,
    Invitation,
    Mandate,
    MandateInvitation,
    Membership,
    Person,
    SamePerson,
    Session,
    SignInCode,
)
from omzien.people.rules.grounds import Category, How
from omzien.people.rules.roles import SYSTEM, Actor, Role
from omzien.questions.models import (
    Attachment,
    Attempt,
    BreakGlass,
    Crisis,
    Discussion,
    EarlySignal,
    Goal,
    Note,
    Objection,
    PlanAction,
    Post,
    Question,
    Reporter,
    SavedFilter,
    Signal,
    Task,
    Tie,
    YoungCarerSignal,
)
from tests.kept import kept
from tests.signing import member, person, wearing

NAME = "Kanarie Zangvogel"
MAIL = "zangvogel@kanarie.example"
SIGN_IN = "kooi@kanarie.example"
PHONE = "06-98712345"
# What only rows of the canary itself hold; `tokens` puts them beside name, mail and phone.
OWN_TEXT = (
    "snavelgeheim",
    "veertekst",
    "nestreden",
    "vluchtwachtwoord",
    "eierwens",
    "zaadjesvraag",
    "takjesdoel",
    "kuikenkring",
    "broedpoging",
    "kwetterpraat",
    "pluimbijlage",
    "dagboekzang",
    "teamgefluit",
    "nestzorg",
    "graanschuld",
)
# What is written around a question of the canary: each field a word of its own.
CASE = {
    "task": ("what",),
    "breakglass": ("reason", "review", "not_told_because"),
    "crisis": ("end_reason",),
    "discussion": ("purpose", "text", "place", "not_invited_because"),
    "objection": ("why", "answer"),
    "planaction": ("name", "what"),
    "youngcarersignal": ("school", "what"),
    "attempt": ("reason",),
    "question": ("best_moment", "next_action"),
    "handover": (
        "contact_name", "asked", "tried", "best_moment", "capacity_reason", "reason",
        "suggestion", "dispute",
    ),
    "handoverlink": ("name",),
    "meeting": ("place",),
    "offerdraft": ("words",),
    "referral": ("name", "what", "reason"),
    "consult": ("text", "answer"),
    "involvement": ("part", "reason"),
    "wait": ("what", "bridge", "skip_reason", "reason"),
    "signal": ("where", "not_told_because", "why_nothing"),
    "ground": ("article", "not_informed_because"),
    "earlysignal": ("partner", "town"),
    "session": ("browser",),
    "savedfilter": ("wanted",),
    "hold": ("reason",),
    "party": ("street", "words", "advice"),
    "mediator": ("street",),
    "talk": ("place",),
    "agreement": ("words",),
}  # fmt: skip


def words(name: str) -> dict[str, str]:
    """Return for each field of a row around a question the word that only it holds."""
    return {field: f"piep-{name}-{field}" for field in CASE[name]}


TOKENS = (
    "zangvogel",
    "kooi@kanarie",
    "98712345",
    *OWN_TEXT,
    *(word for name in CASE for word in words(name).values()),
)


@dataclass
class Canary:
    person: Person
    account: Account
    membership: Membership
    service: Service
    other: Person
    me: Actor

    def again(self) -> Person:
        return Person.objects.get(pk=self.person.pk)


def says(extra: str = "") -> str:
    """Return a text in which somebody else names the canary."""
    return f"Bel {NAME} op {PHONE} of mail {MAIL}. {extra}"


def hatch(world) -> Canary:
    """Fill every table that can hold a person, in Meierijstad."""
    town = world.meierijstad
    with working_for(town.code):
        team = form_team(municipality=town, name="Gebiedsteam Oost", by=SYSTEM)
    membership = member(Role.CONNECTOR, town, name=NAME, team=team)
    who = membership.person
    other = person(town, "Piet Partner")
    account = who.account
    Account.objects.filter(pk=account.pk).update(
        email=SIGN_IN, last_login=timezone.now(), password="scrypt$vluchtwachtwoord"
    )
    account.refresh_from_db()
    me = Actor(town.code, Role.RESIDENT, person=who.pk)
    with working_for(town.code):
        Person.objects.filter(pk=who.pk).update(email=MAIL, phone=PHONE)
        who = Person.objects.select_related("account").get(pk=who.pk)
        SavedFilter.objects.create(
            municipality=town,
            membership=membership,
            name=f"lijst van {NAME}",
            wanted={"state": words("savedfilter")["wanted"]},
        )
        be_away(membership=membership, first_on=date(2026, 12, 1), last_on=date(2026, 12, 2),
                by=SYSTEM)  # fmt: skip
        open_due_reviews(municipality=town, on=timezone.localdate())
        for resident, proxy in ((who, other), (other, who)):
            Mandate.objects.create(
                municipality=town, resident=resident, proxy=proxy, what=["look"],
                starts_on=date(2026, 1, 1), confirmed_at=timezone.now(),
            )  # fmt: skip
        SamePerson.objects.create(
            municipality=town, person=who, other=other, how="asked", merged_at=timezone.now(),
            by="x",
        )  # fmt: skip
        terms = grounds.Terms(
            purpose="handover", categories=[Category.CONTACT], starts_on=timezone.localdate(),
            teams=[team], explanation="nestreden", how=How.SPOKEN,
        )  # fmt: skip
        grounds.give_consent(person=who, terms=terms, by=me)
        mine = grounds.Terms(
            purpose="help", categories=[Category.CONTACT], starts_on=timezone.localdate(),
            teams=[team], explanation=says(),
        )  # fmt: skip
        grounds.give_consent(
            person=other, terms=mine, by=Actor(town.code, Role.RESIDENT, person=other.pk)
        )
        service = world.geldzaken
        Service.objects.filter(pk=service.pk).update(owner_email=MAIL, email=MAIL)
        service.refresh_from_db()
        service.provider.email, service.provider.phone = MAIL, PHONE
        service.provider.save()
        Phone.objects.update(position=1)  # so that the card shows the one of the canary
        Phone.objects.create(municipality=town, service=service, number=PHONE, note=NAME)
        reindex([service])
        Edit.objects.create(
            municipality=town, service=service, changes={"description": "veertekst"},
            proposed_by="owner", reason="snavelgeheim",
        )  # fmt: skip
        _written_by_others(world)
        question = _question(world, who)
        _worries(world, who, question)
        _casework(town, who, question, team)
        _asked_to_speak(town, who, other)
        _mediated(world, who, membership)
        of_other = Question.objects.create(
            municipality=town, reference="PIET-VRG2", person=other, asked_by=who, channel="web",
            reach_by="mail", story="pietsverhaal", village=world.schijndel, state="withdrawn",
            team=the_default_team(town), asked_at=timezone.now(), ended_at=timezone.now(),
        )  # fmt: skip
        # As a worker the canary would call the resident.
        Handover.objects.create(
            municipality=town, question=of_other, from_team=of_other.team, to_team=team,
            state="handed-over", asked="x", tried="x", best_moment="x", contact_name=NAME,
            told_resident_on=timezone.localdate(), capacity="yes", offered_at=timezone.now(),
            offered_by="x", answered_at=timezone.now(), ended_at=timezone.now(),
            met_on=timezone.localdate(), met_by="phone", resident_was_there=True,
        )  # fmt: skip
        for to, body in ((MAIL, "eierwens"), (SIGN_IN, "code 123"), ("chef@x.example", says())):
            Message.objects.create(
                municipality=town,
                key=f"account:{to}-1",
                recipient=to,
                subject=f"{says()} {body}",
                body=body,
            )
    _session(account)
    _ways_to_sign_in(who, account)
    return Canary(who, account, membership, service, other, me)


def _question(world, who: Person) -> Question:
    """Let the canary have asked for help once: a question that ended, a plan and a map."""
    town = world.meierijstad
    now = timezone.now()
    question = Question.objects.create(
        municipality=town, reference="KANA-RIE2", person=who, channel="web", reach_by="mail",
        story="zaadjesvraag", topics=["loneliness"], village=world.schijndel, state="withdrawn",
        team=the_default_team(town), asked_at=now, ended_at=now, **words("question"),
    )  # fmt: skip
    of = {"municipality": town, "question": question}
    Goal.objects.create(**of, words="takjesdoel", created_at=now)
    Attempt.objects.create(**of, rung="network", offer="broedpoging", started_on=now.date())
    Tie.objects.create(
        municipality=town, person=who, name="kuikenkring", relation="friend", kinds=["G"],
        closeness=1, how_often="daily", created_at=now,
    )  # fmt: skip
    post = Post.objects.create(
        **of, side="resident", author=str(who.pk), text=says("kwetterpraat"), at=now
    )
    Attachment.objects.create(
        **of, post=post, number=1, name=f"{NAME}.txt", content_type="text/plain", size=12,
        content=b"pluimbijlage",
    )  # fmt: skip
    Note.objects.create(**of, kind="own", author=str(who.pk), text="dagboekzang", at=now)
    Note.objects.create(
        **of, kind="team", team=question.team, author="x", text=says("teamgefluit"), at=now
    )
    return question


def _worries(world, who: Person, question: Question) -> None:
    """Let somebody worry about the canary, a partner report it, and it report somebody else."""
    town, now = world.meierijstad, timezone.now()
    ended = {"municipality": town, "team": question.team, "received_at": now, "ended_at": now}
    worry = {**ended, "village": world.schijndel, "told_at": now}
    Signal.objects.create(
        **worry, about=NAME, worry=says("nestzorg"), state="contact", question=question
    )
    other = Signal.objects.create(
        **worry, about="een buurman", worry=says(), state="nothing", why_nothing="Het gaat goed."
    )
    Reporter.objects.create(municipality=town, signal=other, name=NAME, email=MAIL, phone=PHONE)
    by_phone = Signal.objects.create(
        **worry, about="een buurvrouw", worry="x", state="nothing", why_nothing="Het gaat goed."
    )
    named = {"name": "K. Zangvogel", "phone": PHONE}
    Reporter.objects.create(municipality=town, signal=by_phone, **named)
    day = now.date()
    EarlySignal.objects.create(
        municipality=town, team=question.team, received_at=now, partner="W", kind="rent",
        name="K. Zangvogel", address="Kooistraat 1", town="Schijndel", phone=PHONE,
        amount="to-500", contacted_on=day, reminded_on=day, received_by="x", offer_by=day,
    )  # fmt: skip
    EarlySignal.objects.create(
        **ended, **words("earlysignal"), kind="rent", name=NAME, address="graanschuld 1",
        phone=PHONE, amount="to-500", contacted_on=day, reminded_on=day,
        received_by="x", offer_by=day, offered_at=now, end="accepted", question=question,
    )  # fmt: skip


def _mediated(world, who: Person, membership: Membership) -> None:
    """Let the canary have asked for mediation, and be a mediator."""
    own, now = {"municipality": world.meierijstad}, timezone.now()
    case = Case.objects.create(
        **own, key=uuid4(), reference="KANA-BUUR", team=membership.team, village=world.schijndel,
        subject="noise", state="closed", outcome="agreed", received_at=now, since=now.date(),
        ended_at=now,
    )  # fmt: skip
    Party.objects.create(
        **own, **words("party"), case=case, side=1, person=who, name=NAME, phone=PHONE,
        email=MAIL, elsewhere="care",
    )  # fmt: skip
    Talk.objects.create(
        **own, **words("talk"), case=case, kind="first", starts_at=now, planned_at=now, held_at=now
    )
    Agreement.objects.create(**own, **words("agreement"), case=case, written_at=now)
    Mediator.objects.create(**own, **words("mediator"), membership=membership, postcode="5466AA")
    Seat.objects.create(
        **own, case=case, number=1, membership=membership, person=who, state="ended",
        asked_at=now, ended_at=now,
    )  # fmt: skip


def _casework(town, who: Person, question: Question, team) -> None:
    """Let everything happen around the question that can leave words about the canary."""
    now, today = timezone.now(), timezone.localdate()
    of, own = {"municipality": town, "question": question}, {"municipality": town}
    reader = member(Role.TEAM_MEMBER, town, name="Leo Lezer", team=question.team)
    ended = {**of, "ended_at": now}
    Task.objects.create(
        **of, **words("task"), team=question.team, due_on=today, made_at=now, done_at=now
    )
    BreakGlass.objects.create(
        **of, **words("breakglass"), membership=reader, opened_at=now,
        until=now + timedelta(hours=4), review_by=today, reviewed_at=now,
    )  # fmt: skip
    Crisis.objects.create(
        **ended, **words("crisis"), flagged_at=now, flagged_by="system", answer_by=now,
        ended_by=str(reader.person_id),
    )  # fmt: skip
    Discussion.objects.create(
        **of, **words("discussion"), team=question.team, at=now, made_at=now,
        resident_invited=False,
    )  # fmt: skip
    Objection.objects.create(
        **of, **words("objection"), team=question.team, made_at=now, due_on=today,
        answered_at=now, answered_by="x",
    )  # fmt: skip
    PlanAction.objects.create(
        **own, **words("planaction"), goal=question.goals.get(), who="neighbour",
        rung="community", created_at=now,
    )  # fmt: skip
    YoungCarerSignal.objects.create(
        **of, **words("youngcarersignal"), age=16, young_agreed_on=today
    )
    Attempt.objects.create(
        **of, **words("attempt"), rung="team", started_on=today, result="skipped"
    )
    _handed(own, question, team)
    Signal.objects.create(
        **own, **words("signal"), team=question.team, village=question.village, about=NAME,
        worry=says(), state="nothing", received_at=now, ended_at=now, question=question,
    )  # fmt: skip
    Ground.objects.create(
        **own, **words("ground"), person=who, kind="public-task",
        purpose="handover", categories=["contact"], starts_on=today, until_on=today,
        explanation=says(), how="", is_informed=False,
    )  # fmt: skip
    Hold.objects.create(
        **own, **words("hold"), kind="person", key=str(who.pk), placed_by="x", lifted_by="x",
        lifted_at=now,
    )  # fmt: skip


def _handed(own: dict, question: Question, team) -> None:
    """Offer the question to another team, which declines; ask others for advice and help."""
    now, today = timezone.now(), timezone.localdate()
    of = {**own, "question": question}
    handover = Handover.objects.create(
        **of, **words("handover"), from_team=question.team, to_team=team, state="declined",
        told_resident_on=today, capacity="no", decline_reason="full", offered_at=now,
        offered_by="x", answered_at=now, ended_at=now, disputed_at=now,
    )  # fmt: skip
    HandoverLink.objects.create(
        **own, **words("handoverlink"), handover=handover, token_hash="0" * 64, made_at=now
    )
    Meeting.objects.create(
        **own, **words("meeting"), handover=handover, planned_by="x", starts_at=now,
        planned_at=now, cancelled_at=now,
    )  # fmt: skip
    OfferDraft.objects.create(
        **of, to_team=team, made_at=now, words={"asked": words("offerdraft")["words"]}
    )
    Referral.objects.create(
        **of, **words("referral"), team=team, state="stopped", made_at=now, ended_at=now
    )
    Consult.objects.create(
        **of, **words("consult"), from_team=question.team, to_team=team, state="answered",
        asked_at=now, ended_at=now,
    )  # fmt: skip
    Involvement.objects.create(
        **of, **words("involvement"), team=team, state="ended", asked_at=now, answered_at=now,
        ended_at=now,
    )  # fmt: skip
    _waited(own, question, team)


def _waited(own: dict, question: Question, team) -> None:
    """Let the question wait for a place in a team, until it ended."""
    now, today = timezone.now(), timezone.localdate()
    Wait.objects.create(
        **own, **words("wait"), question=question, team=team, state="lapsed", lapse="ended",
        since=now, entered_at=now, contact_weeks=6, heard_on=today, ended_at=now,
    )  # fmt: skip


def _asked_to_speak(town, who: Person, other: Person) -> None:
    """Let the canary ask somebody to speak for it, and be asked by somebody."""
    now = timezone.now()
    for resident, name, email in ((who, "Jan Jansen", "jan@x.example"), (other, NAME, MAIL)):
        MandateInvitation.objects.create(
            municipality=town, resident=resident, name=name, email=email, what=["look"],
            created_at=now, answer_by=now.date() + timedelta(days=14),
        )  # fmt: skip


def _written_by_others(world) -> None:
    town, service = world.meierijstad, world.huiskamer
    Edit.objects.create(
        municipality=town, service=service, proposed_by="owner", reason=says(),
        changes={"description": says(), "phones": [[PHONE, NAME]]},
    )  # fmt: skip
    Report.objects.create(
        municipality=town, service=service, about="contact", due_on=date(2026, 12, 1), text=says()
    )
    PageFeedback.objects.create(municipality=town, page="/", score=2, remark=says())
    run = ImportRun.objects.create(
        municipality=town, kind="csv", file_name=f"{NAME}.csv",
        report={"faults": [{"text": says()}], "compared": {MAIL: {"emails": [MAIL]}}},
    )  # fmt: skip
    ImportBefore.objects.create(
        municipality=town, run=run, service=service, stamp="x",
        before={"columns": {"owner_email": MAIL}, "phones": [[PHONE, NAME]]},
    )  # fmt: skip
    ImportFile.objects.create(
        municipality=town, file_name=f"{NAME}.csv", ending=".csv", digest="0" * 64,
        content=says().encode(), faults=says().encode(), run=run, asked_by="x",
    )  # fmt: skip


def _ways_to_sign_in(who: Person, account: Account) -> None:
    later = timezone.now() + timedelta(days=1)
    SignInCode.objects.create(account=account, code_hash="0" * 64, expires_at=later)
    with working_for("GM1948"):
        Invitation.objects.create(
            municipality_id="GM1948", person=who, email=MAIL, expires_at=later
        )
    EmailAddress.objects.create(user=account, email=MAIL, verified=True, primary=True)
    Authenticator.objects.create(user=account, type="totp", data={"secret": says()})
    SocialAccount.objects.create(
        user=account, provider="gemeente", uid=PHONE, extra_data={"name": NAME}
    )


def _session(account: Account) -> None:
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store["_auth_user_id"] = str(account.pk)
    store.save()
    Session.objects.filter(session_key=store.session_key).update(**words("session"))


@pytest.fixture(scope="module")
def kept_canary(request, kept_world):
    with kept(request):
        yield hatch(kept_world)


@pytest.fixture
def canary(kept_canary, world, copied):
    return copied(kept_canary)


@pytest.fixture
def inside():
    with working_for("GM1948"):
        yield


def moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def long_ago(days: int = 4000) -> datetime:
    return timezone.now() - timedelta(days=days)


__all__ = ["json", "wearing"]
