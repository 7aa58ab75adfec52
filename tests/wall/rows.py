"""What every address asks, said once more beside the code: the walk compares the two.

A new address without a row here fails the walk. `verb` is a line of the role table; `thing`
names what of `town.Side.things` stands in the address, `scope` how the verb reaches it.
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from omzien.people.rules.roles import Role, Scope
from tests.wall.town import NOBODY, Side


@dataclass(frozen=True)
class Row:
    """One address: the verb that it needs, and the thing that it is about."""

    verb: str
    thing: str = ""
    posts: bool = False
    more: tuple[str, ...] = ()  # what else stands in the address
    # A page about all of somebody: a team's reach ends at the questions of the team, so that it
    # needs the whole municipality, or one's own.
    whole: bool = False
    acts: bool = False  # to look at it, a mandate must say that one may act
    of_nobody: bool = False  # the thing belongs to no municipality, and every one works with it

    def key(self, side: Side, role: Role) -> object:
        """Return what stands in the address for a thing of a side."""
        found = side.things.get(self.thing, NOBODY)
        return found.get(role, found[Role.TEAM_MEMBER]) if isinstance(found, dict) else found


EDITING = "directory.approve"
ROWS: dict[str, Row] = {
    "today": Row("today.read"),
    # the directory
    "editors": Row(EDITING),
    "settle-report": Row(EDITING, "report", posts=True),
    "approve-edit": Row(EDITING, "edit", posts=True),
    "reject-edit": Row(EDITING, "edit", posts=True),
    "editor-entries": Row(EDITING),
    "opinions": Row(EDITING),
    "editor-confirm": Row(EDITING, "entry", posts=True),
    "editor-change": Row(EDITING, "entry"),
    "editor-new": Row(EDITING),
    "editor-take-off": Row(EDITING, "entry"),
    "editor-put-back": Row(EDITING, "entry", posts=True),
    "import": Row(EDITING),
    "import-template": Row(EDITING, more=("csv",)),
    "import-file": Row(EDITING, "file"),
    "import-confirm": Row(EDITING, "file", posts=True),
    "import-discard": Row(EDITING, "file", posts=True),
    "import-undo": Row(EDITING, "file", posts=True),
    "import-faults": Row(EDITING, "file"),
    "mail-again": Row(EDITING, "mail", posts=True),
    "words": Row("directory.words"),
    "remove-words": Row("directory.words", "word", posts=True),
    "questions": Row("directory.gaps"),
    "questions-csv": Row("directory.gaps"),
    "own-entries": Row("directory.change"),
    "confirm-own": Row("directory.change", "entry", posts=True),
    "change-own": Row("directory.change", "entry"),
    "stop-own": Row("directory.change", "entry"),
    "who-looked": Row("account.manage"),
    # help questions
    "inbox": Row("question.work"),
    "work-list": Row("question.work"),
    "find-question": Row("question.work"),
    "keep-filter": Row("question.work", posts=True),
    "drop-filter": Row("question.work", "filter", posts=True),
    "closed-questions": Row("question.close"),
    "reopen-question": Row("question.close", "ended", posts=True),
    "caseload": Row("caseload.read"),
    "caseload-totals": Row("caseload.totals"),
    "question": Row("question.work", "question"),
    "same-person": Row("question.work", "question"),
    "finish-task": Row("question.work", "task", posts=True),
    **{
        name: Row("question.work", "question", posts=True)
        for name in ("pick-up", "go-on", "correct", "add-task", "try-to-reach")
    },
    "give-to": Row("question.reassign", "question", posts=True),
    "give-up-reaching": Row("question.close", "question", posts=True),
    "close-question": Row("question.close", "question", posts=True),
    # people
    "members": Row("colleague.read"),
    "appoint": Row("membership.manage"),
    "end-membership": Row("membership.manage", "end-membership"),
    "free-step": Row("second_step.remove", "end-membership"),
    "shut-out": Row("account.close", "end-membership"),
    "reopen-by-mail": Row("account.reopen"),
    "reopen-account": Row("account.reopen", "closed-account"),
    "invite": Row("membership.manage", "end-membership", posts=True),
    "teams": Row("organisation.manage"),
    "new-team": Row("organisation.manage"),
    "team": Row("organisation.manage", "team"),
    "archive-team": Row("organisation.manage", "team", posts=True),
    "organisations": Row("organisation.manage"),
    "organisation": Row("organisation.manage", "organisation", of_nobody=True),
    "end-organisation": Row("organisation.manage", "organisation", posts=True),
    "reopen-organisation": Row("organisation.manage", "organisation", posts=True),
    "absences": Row("absence.record"),
    "be-back": Row("absence.record", "absence", posts=True),
    "review": Row("review.read"),
    "answer-review": Row("review.decide", "answer-review"),
    "own-acts": Row("access.own_acts"),
    # asking for another, and the routes
    "ask-for": Row("question.ask_for_other"),
    "routes": Row("rules.apply"),
    "new-route": Row("rules.apply"),
    "route-proposals": Row("rules.approve"),
    "propose-route": Row("rules.propose"),
    "answer-route": Row("rules.approve", "route-proposal", posts=True),
    "withdraw-route": Row("rules.propose", "route-proposal", posts=True),
    "advise-routes": Row("rules.advise"),
    "give-advice": Row("rules.advise", "route-proposal", posts=True),
    "move-route": Row("rules.apply", "route", posts=True),
    "remove-route": Row("rules.apply", "route", posts=True),
    # handovers, and asking others along
    "offer": Row("handover.offer", "question"),
    "along": Row("question.work", "question"),
    "consult": Row("question.work", "consult"),
    "handovers": Row("contact.confirm"),
    "handovers-fhir": Row("contact.confirm"),
    "handover": Row("contact.confirm", "handover"),
    "handover-fhir": Row("contact.confirm", "handover"),
    "handover-calendar": Row("contact.confirm", "handover"),
    "my-sharing": Row("consent.give", "question"),
    "my-calendar": Row("consent.give", "question"),
    # settings
    **{
        name: Row("settings.change")
        for name in (
            "settings",
            "settings-history",
            "settings-file",
            "settings-download",
            "villages",
        )
    },
    "settings-take-over": Row("settings.change", posts=True),
    "settings-group": Row("settings.change", more=("gemeente",)),
    "settings-change": Row("settings.change", more=("1",)),
    "settings-reset": Row("settings.change", more=("uiterlijk",), posts=True),
    "village": Row("settings.change", "village"),
    "remove-village": Row("settings.change", "village", posts=True),
    # the own network, the plan, measuring
    "my-network": Row("ecogram.keep"),
    "network-of": Row("ecogram.read", "question"),
    "my-plan": Row("plan.keep", "question"),
    "plan": Row("plan.read", "question"),
    "my-measure": Row("outcome.report", "question", more=("kort",)),
    "measure": Row("outcome.measure", "question", more=("kort",)),
    "school-signal": Row("consent.record", "question"),
    "instruments": Row("settings.change"),
    "own-capacity": Row("directory.change", "entry", posts=True),
    # what is acute, worries, early signals
    "crises": Row("question.work"),
    "crisis": Row("question.work", "question"),
    "break-glass": Row("story.emergency"),
    "emergency-readings": Row("emergency.review"),
    "review-emergency": Row("emergency.review", "emergency", posts=True),
    "signals": Row("signal.work"),
    "signal": Row("signal.work", "signal"),
    "early-signals": Row("early.work"),
    "early-template": Row("early.work"),
    "early-signal": Row("early.work", "early-signal"),
    # neighbour mediation
    "my-mediations": Row("mediation.follow"),
    "my-mediation": Row("mediation.follow", "mediation-file"),
    "my-mediation-talk": Row("mediation.follow", "mediation-file"),
    "mediations": Row("mediation.mediate"),
    "mediating": Row("mediation.mediate", "mediation-seat"),
    "mediator-talk": Row("mediation.mediate", "mediation-seat"),
    "mediation-cases": Row("mediation.coordinate"),
    "mediation": Row("mediation.coordinate", "mediation"),
    "mediation-talk": Row("mediation.coordinate", "mediation"),
    "mediators": Row("mediation.coordinate"),
    "mediation-refer": Row("mediation.refer"),
    "mediation-referred": Row("mediation.refer"),
    # discussions, aftercare, not agreed
    "discussions": Row("question.work", "question"),
    "decide": Row("question.work", "discussion", posts=True),
    "change-discussion": Row("question.work", "discussion", posts=True),
    "anonymous-discussions": Row("question.work"),
    "aftercare-calls": Row("question.close"),
    "aftercare-called": Row("question.close", "aftercare", posts=True),
    "object": Row("objection.make", "question", acts=True),
    "objections": Row("objection.answer"),
    "objection": Row("objection.answer", "objection"),
    "leaving": Row("question.close", "question"),
    # a question: the resident follows it
    "my-questions": Row("question.follow"),
    "mandates": Row("question.follow"),
    "answer-mandate": Row("question.follow", posts=True),
    "my-question": Row("question.follow", "question"),
    "my-attachment": Row("question.follow", "question", more=("1",)),
    "my-note": Row("question.follow", "question", posts=True),
    "my-stop": Row("question.withdraw", "question", posts=True),
    "my-reopen": Row("question.withdraw", "question", posts=True),
    "my-wait-off": Row("question.withdraw", "question", posts=True),
    "share-no-more": Row("consent.give", "question", posts=True),
    # on paper
    "question-print": Row("question.work", "question"),
    "plan-print": Row("plan.read", "question"),
    "my-plan-print": Row("plan.keep", "question"),
    "my-question-print": Row("question.follow", "question"),
    "own-print": Row("account.manage"),
    "my-file": Row("question.follow", "question", more=("json",)),
    # a question: the team talks about it
    "conversation": Row("question.work", "question"),
    "note-down": Row("question.work", "question", posts=True),
    "attachment": Row("question.work", "question", more=("1",)),
    "question-mandates": Row("mandate.record", "question"),
    "suspend-mandate": Row("mandate.suspend", "question", posts=True),
    "standard-texts": Row("texts.change"),
    "standard-text": Row("texts.change", "standard-text"),
    "remove-standard-text": Row("texts.change", "standard-text", posts=True),
    # privacy
    "register": Row("register.read"),
    "own-data": Row("account.manage"),
    "own-file": Row("account.manage", more=("json",)),
    "ask-erasure": Row("account.manage", posts=True),
    "withdraw-erasure": Row("account.manage", posts=True),
    "find-person": Row("dossier.export", whole=True),
    "data-of": Row("dossier.export", "resident", whole=True),
    "file-of": Row("dossier.export", "resident", more=("json",), whole=True, posts=True),
    "access-log": Row("log.read"),
    "retention": Row("retention.read"),
    "place-hold": Row("retention.hold", posts=True),
    "lift-hold": Row("retention.hold", "hold", posts=True),
    "refuse-request": Row("retention.approve", "list", posts=True),
    "approve-list": Row("retention.approve", "list", posts=True),
    "run-list": Row("retention.run", "list", posts=True),
}
# One's own account: for who is signed in, whichever role they have on.
OWN = (
    "account",
    "account_change_password",
    "account_reauthenticate",
    "account_set_password",
    "choose-mail",
    "close-account",
    "confirm-by-mail",
    "end-session",
    "end-sessions",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_deactivate_totp",
    "mfa_generate_recovery_codes",
    "mfa_index",
    "mfa_list_webauthn",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "mfa_remove_webauthn",
    "mfa_view_recovery_codes",
    "say-name",
    "sessions",
)
# Pages and forms for everybody, whoever they are; `{slug}` is an entry of the side.
PUBLIC: dict[str, str] = {
    "home": "/",
    "answer": "/antwoord?topic=debt&place=Schijndel",
    "ask": "/vraag",
    "asked": "/vraag/ontvangen",
    "about": "/over",
    "privacy": "/privacy",
    "accessibility": "/toegankelijkheid",
    "open-data": "/open-data",
    "embed-code": "/op-je-eigen-site",
    "embedded": "/inbedden",
    "choose-language": "/taal",
    "style-guide": "/stijlgids",
    "healthy": "/gezond",
    "demo-mail": "/demo/post",
    "entry": "/aanbod/{slug}",
    "entry-calendar": "/aanbod/{slug}/agenda.ics",
    "report": "/aanbod/{slug}/klopt-niet",
    "keep": "/aanbod/{slug}/bewaar",
    "shortlist": "/bewaard",
    "areas": "/gebied",
    "area": "/gebied/schijndel",
    "area-calendar": "/gebied/schijndel/agenda.ics",
    "area-feed": "/gebied/schijndel/nieuw.atom",
    "topic-calendar": "/onderwerp/debt/agenda.ics",
    "topic-feed": "/onderwerp/debt/nieuw.atom",
    "agenda": "/agenda",
    "map-data": "/kaart.json",
    "feedback": "/mening",
    "worried": "/zorgen",
    "worried-sent": "/zorgen/verstuurd",
    "mediation-report": "/buurtbemiddeling",
    "mediation-reported": "/buurtbemiddeling/verstuurd",
    "aftercare": "/nazorg/x",
    "confirm": "/bevestig/x",
    "change": "/wijzig/x",
    "new-confirm": "/bevestig/x/nieuw",
    "new-change": "/wijzig/x/nieuw",
    "stop": "/gestopt/x",
    "new-stop": "/gestopt/x/nieuw",
    "account_login": "/aanmelden",
    "account_signup": "/aanmelden",
    "enter-code": "/aanmelden/code",
    "new-code": "/aanmelden/code/nieuw",
    "password-sign-in": "/aanmelden/wachtwoord",
    "mfa_authenticate": "/aanmelden/tweede-stap",
    "mfa_login_webauthn": "/aanmelden/passkey",
    "municipal-sign-on": "/aanmelden/gemeente",
    "municipal-return": "/aanmelden/gemeente/terug",
    "account_reset_password": "/wachtwoord/vergeten",
    "account_reset_password_done": "/wachtwoord/vergeten/verstuurd",
    "account_reset_password_from_key": "/wachtwoord/nieuw/x-y",
    "account_reset_password_from_key_done": "/wachtwoord/nieuw/klaar",
    "invitation": "/uitnodiging/x",
    "demo-roles": "/demo/rollen",
    "sign-out": "/afmelden",
    "hats": "/rol",
    "put-on": "/rol/kies",
    "roles": "/rollen",
    "handover-link": "/overdracht/x",
    "link-calendar": "/overdracht/x/afspraak.ics",
    "theme": "/thema/x.css",
    "load-check": "/zorg-je-voor-iemand",
    "security-txt": "/.well-known/security.txt",
}


# Every address of the APIs, as it stands in the code, with one that is asked. All are public: one
# with data about people would need a row above, and a verb.
API: dict[str, str] = {
    "api/v1/openapi.json": "/api/v1/openapi.json",
    "api/v1/areas": "/api/v1/areas",
    "api/v1/areas/<str:slug>": "/api/v1/areas/schijndel",
    "api/v1/answer": "/api/v1/answer",
    "api/v1/feedback": "/api/v1/feedback",
    r"^api/v1(?:/.*)?$": "/api/v1/nergens",
    **{
        found: f"/{found}".replace("<str:number>", "{entry}" if "services/" in found else "x")
        for start in ("hsds/v3", "uk/v3")
        for found in (
            start, f"{start}/", f"{start}/openapi.json",
            *(
                f"{start}/{name}{end}"
                for name in (
                    "services", "taxonomies", "taxonomy_terms", "service_at_locations",
                    *(["organizations"] if start == "hsds/v3" else []),
                )
                for end in ("", "/<str:number>")
            ),
        )
    },
    "^hsds/v3/.*$": "/hsds/v3/nergens",
    "^uk/v3/.*$": "/uk/v3/nergens",
}  # fmt: skip
T = TypeVar("T")
IN_FULL = bool(os.environ.get("OMZIEN_WALL_FULL"))
"""Every role tries every address: `make proofs`. In the suite each tries a third, another one
each day; OMZIEN_WALL_DAY names the day of a run that failed.
"""
DAY = int(os.environ.get("OMZIEN_WALL_DAY") or datetime.now(tz=UTC).toordinal())


def some(addresses: Iterable[T], role: Role) -> list[T]:
    """Return of all addresses the third of a role, or all of them: roles in a row try all."""
    every = list(addresses)
    return every if IN_FULL else every[(list(Role).index(role) + DAY) % 3 :: 3]


OF_ORGANISATION = ("entry",)  # reached by who has the organisation, whatever the team


def reaches(row: Row, side: str, scopes: frozenset[Scope]) -> bool:
    """Tell whether somebody with these scopes may get at the thing of a side."""
    if side == "elsewhere" and row.thing:
        return row.of_nobody and Scope.ALL in scopes
    if side == "colleague" and row.thing in OF_ORGANISATION:
        return True
    if Scope.ALL in scopes:
        return True
    if row.whole:
        return bool(row.thing) and side == "own" and Scope.OWN in scopes
    return side == "own"
