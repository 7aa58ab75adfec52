"""What strangers try: foreign addresses, odd methods, extra fields, forged headers."""

import copy
import io
import logging
import re
from datetime import UTC, datetime, timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.db import connection, reset_queries, transaction
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from omzien.areas.models import Municipality
from omzien.areas.queries import forget
from omzien.config import wsgi
from omzien.config.logs import without_links
from omzien.directory.actions.links import CHANGE, CONFIRM, token_for
from omzien.directory.models import ImportFile, Report, Service, Synonym
from omzien.journal.isolation import working_for
from omzien.people.models import Account, Membership
from omzien.people.rules.roles import Role
from omzien.web.middleware import visitor_address
from omzien.web.pages.security import security_file
from tests.house.test_hardening import told  # noqa: F401
from tests.journeys import pages
from tests.signing import member, wearing
from tests.wall.town import build
from tests.wall.writes import written
from tests.web.test_pages import HOST, PAGES, ask
from tests.web.test_signing_in import SECRET, totp_now

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
MAIL, PASSWORD = "redactie@voorbeeld.example", "een lang wachtwoord"
EVIL = [
    "https://evil.example/", "http:evil.example", "//evil.example", "///evil.example",
    "/\\evil.example", "\\\\evil.example", "\\/evil.example", "/\t/evil.example",
    "\t//evil.example", "/\n/evil.example", " //evil.example", "javascript:alert(1)",
    "https:/evil.example", "https:///evil.example", "//evil.example\\@meierijstad.localhost",
    "http://meierijstad.localhost@evil.example/", "data:text/html,x", "\x00//evil.example",
]  # fmt: skip
EDITOR_PAGES = ["/redactie", "/redactie/woorden", "/redactie/importeren", "/redactie/vragen"]
TELLS = re.compile(
    r"django|python|traceback|postgres|psycopg|granian|/src/|site-packages|\.py\b", re.I
)


@pytest.fixture
def account(world):
    """A chief editor who signs in with a password and an app."""
    found = member(Role.CHIEF_EDITOR, world.meierijstad, name="Riet Redactie").person.account
    found.email = MAIL
    found.set_password(PASSWORD)
    found.save()
    TOTP.activate(found, SECRET)
    return found


def hat_of(account):
    with working_for("GM1948"):
        return Membership.objects.select_related("person__account").get(person__account=account)


@pytest.fixture
def editor(resident, account):
    return wearing(hat_of(account))


OPENERS = (
    Role.EDITOR, Role.CHIEF_EDITOR, Role.COORDINATOR, Role.POLICY_OFFICER,
    Role.FUNCTIONAL_MANAGER, Role.PRIVACY_OFFICER, Role.TECHNICAL_ADMIN, Role.CONNECTOR,
    Role.VOLUNTEER,
)  # fmt: skip


@pytest.fixture
def everybody(world):
    """Browsers of so many roles that every page opens to one of them."""
    own = build(world)["own"]
    return [wearing(hat) for hat in (own.resident, *(own.people[role] for role in OPENERS))]


def sign_in(client):
    """Sign in with both factors and put on the one hat; return the three answers."""
    form = {"login": MAIL, "password": PASSWORD}
    return [
        client.post("/aanmelden/wachtwoord", form),
        client.post("/aanmelden/tweede-stap", {"code": totp_now()}),
        client.get("/rol"),
    ]


@pytest.fixture
def secure(resident, account, told):  # noqa: F811
    """A browser at a site with the settings of production."""
    names = {k: v for k, v in told.items() if k not in ("ALLOWED_HOSTS", "PASSWORD_HASHERS")}
    with override_settings(**names):
        yield Client(HTTP_HOST=HOST, HTTP_X_FORWARDED_PROTO="https")


def entry(pk):
    with working_for("GM1948"):
        return Service.objects.filter(pk=pk).values().get()


# --- headers and cookies ------------------------------------------------------------------------

EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
}
ODD = ["/bestaat-niet", "/antwoord?topic=%00", "/aanbod/koffie-in-uden", "/api/v1/areas"]


@pytest.mark.parametrize("page", [*PAGES, *ODD, "/aanmelden", "/redactie", "/api/v1/weg"])
def test_every_answer_has_every_header(secure, page):
    answer = secure.get(page)
    for name, value in EVERYWHERE.items():
        assert answer.headers[name] == value, (page, name)
    policy = dict(p.partition(" ")[::2] for p in answer["Content-Security-Policy"].split("; "))
    for name in ("default-src", "object-src", "base-uri"):
        assert policy[name] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert "unsafe" not in str(policy) and "*" not in str(policy)
    assert "upgrade-insecure-requests" in policy
    frames = "'self'" if page == "/inbedden" else "'none'"
    assert policy["frame-ancestors"] == frames
    assert "camera=()" in answer["Permissions-Policy"]
    is_open = page == "/inbedden" or page.startswith("/api/")
    wanted = "cross-origin" if is_open else "same-origin"
    assert answer["Cross-Origin-Resource-Policy"] == wanted
    assert (
        "charset" in answer["Content-Type"]
        or "json" in answer["Content-Type"]
        or not answer.content
    )


def test_an_answer_over_http_leads_to_https_and_is_guarded_too(secure):
    answer = Client(HTTP_HOST=HOST).get("/over")
    assert (answer.status_code, answer["Location"]) == (301, f"https://{HOST}/over")
    assert "default-src 'none'" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/api/v1/areas", "/hsds/v3/services", "/uk/v3"])
def test_a_program_over_http_is_refused_and_not_led_on(secure, path):
    answer = Client(HTTP_HOST=HOST).get(path)
    assert answer.status_code == 403 and "https" in answer.json()["detail"]
    assert secure.get(path).status_code == 200


def test_every_cookie_is_bound_to_this_host(secure):
    first = secure.get("/aanmelden")
    answers = [
        first,
        secure.post("/taal", {"taal": "en", "next": "/over"}),
        secure.post("/aanbod/loket-geldzaken/bewaar"),
        secure.post("/mening", {"page": "/over", "score": "4"}),
        *sign_in(secure),
    ]
    found = {name: morsel for answer in answers for name, morsel in answer.cookies.items()}
    wanted = {"session", "csrf", "language", "bewaard", "messages"}
    assert set(found) == {f"__Host-{name}" for name in wanted}
    for morsel in found.values():
        assert morsel["secure"] and morsel["httponly"] and morsel["samesite"] == "Lax"
        assert morsel["path"] == "/" and not morsel["domain"]


def test_what_was_kept_and_chosen_works_under_the_guarded_names(secure):
    secure.post("/aanbod/loket-geldzaken/bewaar")
    assert "Loket Geldzaken" in secure.get("/bewaard").content.decode()
    secure.post("/taal", {"taal": "en", "next": "/over"})
    assert '<html lang="en"' in secure.get("/over").content.decode()


def test_a_new_session_at_signing_in_and_nothing_left_after_signing_out(secure):
    secure.cookies["__Host-session"] = "a" * 32
    half = sign_in(secure)[0]
    assert half["Location"] == "/aanmelden/tweede-stap"
    first = secure.cookies["__Host-session"].value
    assert first not in ("a" * 32, half.cookies["__Host-session"].value) and len(first) == 32
    assert secure.get("/redactie").status_code == 200
    out = secure.post("/afmelden")
    assert out["Clear-Site-Data"] == '"storage"'
    secure.cookies["__Host-session"] = first
    assert secure.get("/redactie").status_code == 302


def test_a_mistyped_address_of_another_host_is_refused(secure):
    for host in ("evil.example", "meierijstad.localhost.evil.example", "a b", "x@y", "[::1"):
        answer = Client(HTTP_HOST=host, HTTP_X_FORWARDED_PROTO="https").get("/over")
        assert answer.status_code == 400
        assert "default-src 'none'" in answer["Content-Security-Policy"]
        assert host not in answer.content.decode()


# --- nothing personal is kept by a browser or a proxy -------------------------------------------


@pytest.mark.parametrize("page", [*EDITOR_PAGES, "/over", "/gebied/schijndel", "/"])
def test_pages_of_somebody_signed_in_are_not_stored(editor, page):
    assert "no-store" in editor.get(page)["Cache-Control"]


def test_every_page_of_somebody_signed_in_has_the_way_out(editor, world):
    seen = 0
    for name, path in addresses(world):
        answer = tried(editor, "GET", path)
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            # What another site shows within its own page knows nobody; paper has no buttons.
            without = ("embedded", "own-print")
            assert 'action="/afmelden"' in answer.content.decode() or name in without, path
            seen += 1
    assert seen > 30


def test_links_from_a_mail_are_not_stored_nor_found_by_search_engines(resident, world):
    for purpose in (CONFIRM, CHANGE):
        address = reverse(purpose, args=[token_for(world.geldzaken, purpose)])
        for answer in (resident.get(address), resident.get(f"{address}x")):
            assert "no-store" in answer["Cache-Control"]
            assert answer["X-Robots-Tag"] == "noindex"


def test_the_answer_to_a_form_is_not_stored(resident):
    answers = [
        ask(resident, "ik wil niet meer leven"),
        resident.post("/mening", {"page": "/over", "score": "4"}),
        resident.post("/aanbod/loket-geldzaken/klopt-niet", {"about": ""}),
        resident.post("/bestaat-niet"),
        resident.post("/api/v1/answer", '{"text": "schulden"}', content_type="application/json"),
    ]
    assert all("no-store" in answer["Cache-Control"] for answer in answers)
    # Of what can help only the browser of who asked keeps a copy, for its Back button.
    assert ask(resident, "schulden")["Cache-Control"] == "private, no-cache"
    assert "no-store" in resident.get("/over")["Cache-Control"]  # "Dank je wel" is on it
    assert "no-store" in resident.get("/bewaard")["Cache-Control"]


def test_the_api_keeps_its_fresh_answers(resident):
    assert "public" in resident.get("/api/v1/areas")["Cache-Control"]


# --- redirects, hosts, lines in headers ---------------------------------------------------------


@pytest.mark.parametrize("evil", EVIL)
def test_no_form_sends_a_visitor_elsewhere(resident, account, evil):
    form = {"login": MAIL, "password": PASSWORD, "next": evil}
    fresh = Client(HTTP_HOST=HOST)
    answers = [
        resident.post("/taal", {"taal": "en", "next": evil}),
        resident.post("/taal", {"taal": "en", "next": evil, "text": "schulden"}),
        resident.post("/mening", {"page": evil, "score": "4"}),
        fresh.post("/aanmelden/wachtwoord", form),
        fresh.post("/aanmelden/tweede-stap", {"code": totp_now(), "next": evil}),
        fresh.get("/rol", {"next": evil}),
        fresh.post("/rol/kies", {"hat": f"membership:{hat_of(account).pk}", "next": evil}),
        fresh.get("/aanmelden", {"next": evil}),
        fresh.post("/demo/rollen", {"hat": f"membership:{hat_of(account).pk}", "next": evil}),
        fresh.post("/afmelden", {"next": evil}),
    ]
    ours = {"/", "/rol", "/vandaag", "/aanmelden/tweede-stap"}
    for answer in answers:
        assert answer.status_code in (302, 307)
        assert answer["Location"] in ours, answer["Location"]


@pytest.mark.parametrize(
    "path",
    ["//evil.example", "//evil.example/../", "/\\evil.example", "/redactie//evil.example"],
)
def test_no_address_leads_elsewhere(resident, path):
    answer = resident.get("/", PATH_INFO=path)
    assert answer.status_code == 404


def test_whoever_must_sign_in_first_comes_back_to_this_site(resident):
    answer = resident.get("/redactie?x=//evil.example")
    assert answer["Location"].startswith("/aanmelden?next=/redactie")


@pytest.mark.parametrize("name", ["HTTP_X_FORWARDED_HOST", "HTTP_FORWARDED", "HTTP_X_HOST"])
def test_a_host_that_a_visitor_writes_in_a_header_is_not_believed(resident, world, name):
    told_host = {name: "evil.example" if "HOST" in name else "host=evil.example"}
    for page in ("/over", "/op-je-eigen-site", "/open-data", "/gebied/schijndel/nieuw.atom"):
        assert "evil.example" not in resident.get(page, **told_host).content.decode()
    token = token_for(world.geldzaken, CONFIRM)
    resident.post(f"/bevestig/{token}/nieuw", **told_host)
    from omzien.messages.models import Message

    with working_for("GM1948"):
        body = Message.objects.get(recipient="eigenaar@voorbeeld.example").body
    assert "evil.example" not in body and "http://meierijstad.localhost" in body


LINES = "x\r\nSet-Cookie: evil=1\r\nX-Evil: 1"


def test_no_parameter_writes_a_line_into_a_header(resident, editor):
    answers = [
        resident.post("/taal", {"taal": LINES, "next": "/over"}),
        resident.post("/taal", {"taal": "en", "next": f"/over?{LINES}"}),
        resident.post("/mening", {"page": f"/over?{LINES}", "score": "4"}),
        resident.get("/antwoord", {"topic": LINES, "place": LINES}),
        resident.get("/over", HTTP_ACCEPT_LANGUAGE=LINES),
        resident.get("/over", HTTP_COOKIE=f"language={LINES}"),
        editor.get("/redactie/vragen.csv", {"periode": LINES}),
        editor.get("/redactie/importeren/voorbeeld.csv"),
        resident.get("/aanbod/open-huiskamer-de-kersentuin/agenda.ics"),
    ]
    for answer in answers:
        assert answer.status_code < 500
        assert "evil" not in answer.cookies and "X-Evil" not in answer.headers
        for value in answer.headers.values():
            assert "\r" not in value and "\n" not in value


def test_the_name_of_an_uploaded_file_is_in_no_header_and_no_path(editor):
    from io import BytesIO

    stream = BytesIO(b"titel;omschrijving;aanbieder\n")
    stream.name = "../../etc/x; X-Evil: 1.csv"
    answer = editor.post("/redactie/importeren", {"bestand": stream})
    assert answer.status_code == 302 and re.fullmatch(r"/redactie/importeren/[\w-]+", answer.url)
    with working_for("GM1948"):
        kept = ImportFile.objects.get()
    assert "/" not in kept.file_name and "\n" not in kept.file_name
    faults = editor.get(f"{answer.url}/fouten.csv")
    assert faults["Content-Disposition"] == 'attachment; filename="fouten.csv"'


# --- methods ------------------------------------------------------------------------------------

ASKED_FROM_ELSEWHERE = {"answer"}
TAKES_POST = {
    "answer", "report", "feedback", "keep", "choose-language", "sign-out", "confirm",
    "change", "stop", "new-confirm", "new-change", "new-stop",
    "settle-report", "approve-edit", "reject-edit",
    "editor-confirm", "editor-change", "editor-new", "editor-take-off", "editor-put-back", "words",
    "remove-words", "import", "import-confirm",
    "import-discard", "import-undo", "mail-again",
    # settings: one group, its way back, a village, a file and taking it over
    "settings-group", "settings-reset", "settings-change", "settings-file", "settings-take-over",
    "village",
    # working on a help question
    "find-question",
    "keep-filter", "drop-filter", "reopen-question", "finish-task", "pick-up", "go-on", "give-to",
    "correct", "add-task", "try-to-reach", "give-up-reaching", "close-question",
    # people: sending an invitation once more
    "invite",
    # asking a person for help, for oneself or for who calls; the routes
    "ask", "ask-for", "new-route", "propose-route", "answer-route", "move-route", "remove-route",
    "remove-village", "withdraw-route", "give-advice",
    # signing in: a code, a password, a second step, a passkey, the municipality's sign-on
    "account_signup", "account_login", "enter-code", "new-code", "say-name", "password-sign-in",
    "mfa_authenticate", "mfa_login_webauthn", "municipal-sign-on", "invitation", "demo-roles",
    "put-on",
    # a forgotten password
    "account_reset_password", "account_reset_password_from_key",
    # one's own account
    "account_change_password", "account_set_password", "account_reauthenticate",
    "mfa_reauthenticate", "mfa_reauthenticate_webauthn", "mfa_activate_totp",
    "mfa_deactivate_totp", "mfa_add_webauthn", "mfa_remove_webauthn",
    "mfa_generate_recovery_codes", "end-session", "end-sessions", "ask-erasure",
    "withdraw-erasure", "file-of", "close-account", "confirm-by-mail", "choose-mail",
    # handovers: offering, answering, sharing, a link for who has no account, asking others along
    "offer", "handover", "handovers", "my-sharing", "handover-link", "along", "consult",
    # one's own entries
    "confirm-own", "change-own", "own-capacity", "stop-own",
    # the own network, the plan, measuring, who cares for somebody
    "my-network", "network-of", "my-plan", "plan", "my-measure", "measure", "school-signal",
    "instruments", "load-check",
    # who works here, in which team, who is away, who keeps a role
    "appoint", "end-membership", "free-step", "shut-out", "reopen-by-mail", "reopen-account",
    "new-team", "team", "archive-team", "organisations", "organisation",
    "end-organisation", "reopen-organisation",
    "absences",
    "be-back", "answer-review",
    # a question: say something, note it, stop or open it again, share no more
    "my-question", "my-note", "my-stop", "my-reopen", "share-no-more", "my-wait-off",
    "conversation", "note-down",
    "standard-texts", "standard-text", "remove-standard-text", "same-person",
    # who speaks for whom
    "mandates", "answer-mandate", "question-mandates", "suspend-mandate",
    # privacy: who is it (a name is never in an address), what is destroyed, what is held
    "find-person", "approve-list", "refuse-request", "run-list", "place-hold", "lift-hold",
    # acute, an emergency reading and its review, worries, early signals
    "crisis", "break-glass", "review-emergency", "worried", "signal", "early-signals",
    "early-signal",
    # neighbour mediation: report it, one's own file, mediate, coordinate
    "mediation-report", "mediation-refer", "my-mediation", "mediating", "mediation", "mediators",
    # discussions and what was decided, aftercare, not agreed, leaving
    "discussions", "decide", "change-discussion", "anonymous-discussions", "aftercare",
    "aftercare-called", "object", "objection", "leaving",
}  # fmt: skip


def tried(client, method, path, **more):
    """Ask for something and undo it, so that signing out ends nothing for what is asked next."""
    cookies = copy.deepcopy(client.cookies)
    with transaction.atomic():
        answer = client.generic(method, path, **more)
        transaction.set_rollback(True)
    client.cookies = cookies
    return answer


def addresses(world):
    """Yield (name, address) of every page, with something real in it where that can be."""
    key = "00000000-0000-4000-8000-000000000000"
    real = {
        "slug": "open-huiskamer-de-kersentuin", "code": "debt", "uuid:key": str(world.geldzaken.pk),
        "token": "x", "int:key": "1", "ending": "csv",
    }  # fmt: skip
    for one in pages.every_pattern():
        text = f"/{one.pattern}"
        area = one.name and one.name.startswith("area")
        text = text.replace("<slug:slug>", "schijndel" if area else real["slug"])
        text = re.sub(r"<(?:\w+:)?code>", "debt", text)
        text = text.replace("<uuid:key>", key if "aanbod" not in text else real["uuid:key"])
        text = re.sub(r"<str:token>", "x", text).replace("<int:key>", "1")
        text = (
            text.replace("<str:ending>", "csv")
            .replace("<int:pk>", "1")
            .replace("<int:number>", "1")
            .replace("<int:version>", "1")
        )
        text = (
            text.replace("<slug:version>", "x")
            .replace("<str:name>", "x")
            .replace("<str:form>", "json")
        )
        text = re.sub(r"\^(.*)\(\?P<uidb36>.*\$", r"\1abc-x", text)
        assert not re.search(r"[<>()^$]", text), text
        yield str(one.name), text


def test_a_page_without_a_form_takes_no_post(editor, everybody, world):
    found = {}
    for name, path in addresses(world):
        for client in (editor, *everybody):
            found.setdefault(name, set()).add(status := tried(client, "POST", path).status_code)
            if status != 403:  # this role opens the page: the others have nothing to add
                break
    assert editor.get("/redactie").status_code == 200
    assert [name for name, said in found.items() if said <= {403}] == [], (
        "a page that no role opens"
    )
    open_to_post = {name for name, said in found.items() if said - {403, 405}}
    assert open_to_post == TAKES_POST, "a new form: name it in TAKES_POST"


@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "PATCH", "CONNECT", "PROPFIND"])
def test_a_method_that_no_page_has_is_refused_everywhere(editor, world, method):
    for name, path in addresses(world):
        answer = tried(editor, method, path, HTTP_X_EVIL="geheim")
        assert answer.status_code == 405, (name, path)
        assert "geheim" not in answer.content.decode()


@pytest.mark.parametrize(
    "trick",
    [{"HTTP_X_HTTP_METHOD_OVERRIDE": "POST"}, {"HTTP_X_METHOD_OVERRIDE": "DELETE"},
     {"QUERY_STRING": "_method=POST&what=all"}],
)  # fmt: skip
def test_a_method_cannot_be_smuggled_in(editor, world, trick):
    before = entry(world.geldzaken.pk)
    answer = editor.get(f"/redactie/aanbod/{world.geldzaken.pk}/klopt", **trick)
    assert answer.status_code == 302 and entry(world.geldzaken.pk) == before


def test_a_form_without_its_token_is_refused(world, account):
    strict = Client(HTTP_HOST=HOST, enforce_csrf_checks=True)
    strict.cookies = wearing(hat_of(account)).cookies
    seen = set()
    for name, path in addresses(world):
        if name in TAKES_POST:
            refused = strict.post(path, {"text": "x"}).status_code == 403
            assert refused or name in ASKED_FROM_ELSEWHERE, name
            seen.add(name)
    assert seen == TAKES_POST, "a form that is no more"


def test_a_question_may_come_from_another_site_and_changes_nothing_of_anybody(world, account):
    strict = Client(HTTP_HOST=HOST, enforce_csrf_checks=True)
    strict.cookies = wearing(hat_of(account)).cookies
    from_there = {"HTTP_ORIGIN": "https://dorp.example", "HTTP_SEC_FETCH_SITE": "cross-site"}
    with CaptureQueriesContext(connection) as counted:
        answer = strict.post("/antwoord", {"text": "ik ben vaak alleen"}, **from_there)
    assert answer.status_code == 200
    changed = [one for one in written(counted) if "questioncount" not in one]
    assert changed == []


def test_looking_changes_nothing(everybody, world):
    """The pages of each role are looked at by tests/wall/test_walk.py, with real things."""
    visitor = Client(HTTP_HOST=HOST)
    token = {p: reverse(p, args=[token_for(world.geldzaken, p)]) for p in (CONFIRM, CHANGE)}
    looked = 0
    for _name, path in [*addresses(world), *token.items(), *((p, p) for p in PAGES)]:
        for client in (visitor, everybody[0]):
            reset_queries()  # or the log of queries is full and captures none
            with CaptureQueriesContext(connection) as seen:
                status = client.get(path).status_code
            assert status < 500 and written(seen.captured_queries) == [], path
            looked += status == 200
    assert looked > 60


def test_looking_at_the_api_changes_nothing(resident):
    for path in ("/api/v1/areas", "/api/v1/openapi.json", "/hsds/v3", "/hsds/v3/services"):
        with CaptureQueriesContext(connection) as seen:
            assert resident.get(path).status_code == 200
        assert written(seen.captured_queries) == []


# --- fields that a form does not have -----------------------------------------------------------

EXTRA = {
    "is_staff": "1", "is_superuser": "1", "is_active": "0", "municipality": "GM1991",
    "municipality_id": "GM1991", "status": "removed", "state": "approved", "slug": "gekaapt",
    "owner_email": "dief@evil.example", "checked_on": "2030-01-01", "rung": "specialist",
    "id": "00000000-0000-4000-8000-000000000001", "pk": "1", "is_demo": "1", "role": "admin",
    "closed_at": "2020-01-01", "due_on": "2099-01-01", "by": "iemand", "left_on": "2020-01-01",
    "email": "dief@evil.example", "password": "x", "user": "1", "external_id": "x",
}  # fmt: skip


def test_forms_of_visitors_take_only_their_own_fields(resident, world):
    before = entry(world.geldzaken.pk)
    page = "/aanbod/loket-geldzaken/klopt-niet"
    resident.post(page, EXTRA | {"about": "times", "text": "Dicht op vrijdag"})
    with working_for("GM1948"):
        report = Report.objects.get()
    assert report.municipality_id == "GM1948" and report.closed_at is None
    assert str(report.pk) != EXTRA["id"] and report.due_on.year < 2099
    ask(resident, "schulden", **EXTRA)
    resident.post("/mening", EXTRA | {"page": "/over", "score": "4"})
    resident.post("/aanbod/loket-geldzaken/bewaar", EXTRA)
    assert entry(world.geldzaken.pk) == before
    assert set(resident.cookies) <= {"csrf", "bewaard", "messages"}


def test_an_owner_changes_only_what_the_form_shows(resident, world):
    before = entry(world.geldzaken.pk)
    address = reverse(CHANGE, args=[token_for(world.geldzaken, CHANGE)])
    form = {"title": "Loket Geld", "description": before["description"], "languages": "nl"}
    assert resident.post(address, EXTRA | form).status_code in (302, 400)
    assert entry(world.geldzaken.pk) == before
    with working_for("GM1948"):
        edits = list(world.geldzaken.edits.all())
    for edit in edits:
        assert not set(edit.changes) & {"municipality", "slug", "owner_email", "status", "rung"}


def test_an_editor_changes_only_what_the_form_shows(editor, world, account):
    before = entry(world.geldzaken.pk)
    form = {"title": "Loket Geld", "description": "Hulp bij schulden.", "owner_email": MAIL}
    fields = {k: v for k, v in EXTRA.items() if k not in form}
    answer = editor.post(f"/redactie/aanbod/{world.geldzaken.pk}", fields | form)
    assert answer.status_code in (302, 400)
    now = entry(world.geldzaken.pk)
    for name in ("id", "municipality_id", "slug", "checked_on", "left_on", "external_id", "status"):
        assert now[name] == before[name], name
    editor.post("/redactie/woorden", EXTRA | {"word": "poen", "means": "geld"})
    with working_for("GM1948"):
        assert Synonym.objects.get().municipality_id == "GM1948"


def test_signing_in_gives_no_rights_that_were_not_there(resident, account):
    before = Account.objects.filter(pk=account.pk).values().get()
    hats = set(Membership.objects.values_list("pk", "role"))
    form = EXTRA | {"login": MAIL, "password": PASSWORD}
    assert resident.post("/aanmelden/wachtwoord", form).status_code == 302
    code = EXTRA | {"code": totp_now()}
    assert resident.post("/aanmelden/tweede-stap", code).status_code == 302
    resident.post("/rol/kies", EXTRA | {"hat": "person:1"})
    assert set(Membership.objects.values_list("pk", "role")) == hats
    now = Account.objects.filter(pk=account.pk).values().get()
    assert {k: v for k, v in now.items() if k != "last_login"} == {
        k: v for k, v in before.items() if k != "last_login"
    }


ODD = ["hex", "rot13", "zlib", "base64", "undefined", "idna", "punycode", "unicode_escape", "utf-7"]


@pytest.fixture
def as_served(monkeypatch):
    """The product as a server asks it; but at its signals the connection of the test stays."""
    signals = (request_started, request_finished)
    for signal in signals:
        monkeypatch.setattr(signal, "receivers", [])
        signal.sender_receivers_cache.clear()
    yield wsgi.application
    monkeypatch.undo()
    for signal in signals:
        signal.sender_receivers_cache.clear()


@pytest.mark.parametrize("charset", ODD)
@pytest.mark.parametrize("page", ["/", "/antwoord", "/agenda", "/aanmelden", "/api/v1/gebieden"])
def test_what_a_header_says_of_letters_breaks_no_page(resident, as_served, page, charset):
    lines = ["--X", 'Content-Disposition: form-data; name="text"', "", "\\ud800 café", "--X--", ""]
    multipart = "\r\n".join(lines).encode()
    for method, kind, body in (
        ("GET", f"text/plain; charset={charset}", b""),
        ("POST", f'application/x-www-form-urlencoded;charset="{charset}"', b"text=%5Cud800"),
        ("POST", f"multipart/form-data; Charset={charset}; boundary=X", multipart),
    ):
        environ = resident._base_environ(
            REQUEST_METHOD=method, PATH_INFO=page, QUERY_STRING="next=/%5Cud800&text=caf%C3%A9",
            CONTENT_TYPE=kind, CONTENT_LENGTH=str(len(body)), HTTP_HOST=HOST,
        ) | {"wsgi.input": io.BytesIO(body)}  # fmt: skip
        answer = as_served(environ, lambda _status, _headers: None)
        assert answer.status_code < 500, (method, b"".join(answer)[:200])


def test_the_same_field_twice_breaks_nothing(resident):
    answer = resident.post(
        "/antwoord", {"text": ["schulden", "buren"], "place": ["Schijndel", "Veghel"]}
    )
    assert answer.status_code == 200
    assert (
        resident.post("/antwoord?text=geheim", {"text": ""}).content.decode().count("geheim") <= 1
    )


# --- errors tell nothing ------------------------------------------------------------------------


def test_error_pages_tell_nothing_about_the_software(resident, monkeypatch):
    visitor = Client(HTTP_HOST=HOST, raise_request_exception=False, enforce_csrf_checks=True)
    from omzien.web.entries import views

    def broken(*_args):
        raise RuntimeError("geheime toestand in /src/omzien/x.py")

    answers = {
        404: visitor.get("/bestaat-niet"),
        403: visitor.post("/mening", {"page": "/"}),
        400: Client(HTTP_HOST="evil.example").get("/"),
        405: visitor.generic("PUT", "/over"),
        413: visitor.post("/mening", b"", content_type="text/plain", CONTENT_LENGTH="99000000"),
        410: None,
    }
    monkeypatch.setattr(views, "gone_entry", broken)
    answers[500] = visitor.get("/aanbod/bestaat-niet")
    for status, answer in answers.items():
        if answer is None:
            continue
        assert answer.status_code == status
        text = re.sub(r"/static/\S+", "", answer.content.decode())
        assert not TELLS.search(text), (status, TELLS.search(text))
        assert not any(TELLS.search(f"{k}: {v}") for k, v in answer.headers.items())
    assert "geheime" not in answers[500].content.decode()


def test_while_the_site_is_down_for_work_people_get_numbers_and_programs_a_problem(
    settings, django_assert_num_queries
):
    settings.MAINTENANCE = True
    visitor = Client(HTTP_HOST=HOST)
    with django_assert_num_queries(0):  # the database may be what is worked on
        page = visitor.get("/gebied/schijndel")
        problem = visitor.get("/hsds/v3/services")
        posted = visitor.post("/api/v1/answer", {}, content_type="application/json")
    said = page.content.decode()
    assert page.status_code == 503 and page["Retry-After"] == "600"
    assert "tel:112" in said and "tel:08000113" in said and "tel:08002000" in said
    assert 'lang="en"' in said and "no-store" in page["Cache-Control"]
    for answer in (problem, posted):
        assert answer.status_code == 503 and answer["Retry-After"] == "600"
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["status"] == 503 and answer["Access-Control-Allow-Origin"] == "*"


def test_when_our_own_code_fails_the_page_needs_no_database_and_gives_numbers(monkeypatch, world):
    from omzien.web.entries import views

    visitor = Client(HTTP_HOST=HOST, raise_request_exception=False)
    monkeypatch.setattr(views, "gone_entry", lambda _slug: 1 / 0)
    answer = visitor.get("/aanbod/bestaat-niet")
    said = answer.content.decode()
    assert answer.status_code == 500
    assert "tel:112" in said and "tel:08000113" in said and 'lang="en"' in said


@pytest.mark.parametrize("path", ["/.git/config", "/.env", "/admin", "/static/", "/static/../x.py",
                                  "/media/", "/server-status", "/wp-login.php"])  # fmt: skip
def test_what_attackers_look_for_is_not_there(resident, path):
    assert resident.get(path).status_code == 404


def test_a_refused_question_leaves_no_words_in_the_log(resident, caplog):
    ask(resident, "bijzonderwoord " * 400)
    resident.post("/aanbod/loket-geldzaken/klopt-niet", {"about": "", "text": "bijzonderwoord"})
    for form in ({"login": "bijzonderwoord"}, {"login": "bijzonderwoord@voorbeeld.example"}):
        resident.post("/aanmelden/wachtwoord", form | {"password": "bijzonderwoord"})
    resident.post("/aanmelden", {"email": "bijzonderwoord"})
    resident.post("/aanmelden/code", {"code": "bijzonderwoord"})
    assert caplog.records and "bijzonderwoord" not in caplog.text


def test_no_log_holds_an_address_that_lets_somebody_in():
    routes = {str(one.pattern) for one in pages.every_pattern() if "token" in str(one.pattern)}
    assert len(routes) >= 6
    for route in routes:
        path = "/" + route.replace("<str:token>", "aB3:x-Y_9")
        record = logging.makeLogRecord({"msg": "Gone: %s", "args": (path,)})
        assert without_links(record) and "aB3" not in record.getMessage(), route


def test_a_log_line_cannot_be_split(resident, caplog):
    resident.get("/weg%0d%0aINFO%20alles%20goed")
    assert caplog.records
    assert all("\n" not in r.getMessage() and "\r" not in r.getMessage() for r in caplog.records)


# --- whose address counts -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("proxies", "header", "seen"),
    [
        (0, "6.6.6.6", "10.0.0.1"),
        (1, "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        (1, "1.2.3.4", "1.2.3.4"),
        (2, "6.6.6.6, 1.2.3.4, 10.0.0.2", "1.2.3.4"),
        (2, "1.2.3.4", "10.0.0.1"),
        (1, "", "10.0.0.1"),
    ],
)
def test_a_visitor_cannot_choose_an_address(rf, proxies, header, seen):
    request = rf.get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=header)
    with override_settings(PROXIES=proxies):
        visitor_address(lambda r: r)(request)
    assert request.META["REMOTE_ADDR"] == seen


# --- security.txt (RFC 9116) --------------------------------------------------------------------


def fields(answer):
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    lines = answer.content.decode().splitlines()
    return dict(line.split(": ", 1) for line in lines)


def test_each_municipality_says_where_to_report_a_weakness(world):
    found = fields(Client(HTTP_HOST=HOST).get("/.well-known/security.txt"))
    expires = datetime.fromisoformat(found["Expires"].replace("Z", "+00:00"))
    assert timedelta(days=30) < expires - timezone.now() < timedelta(days=365)
    assert expires.tzinfo == UTC
    assert found["Contact"].startswith("mailto:")
    assert found["Canonical"] == "http://meierijstad.localhost:8000/.well-known/security.txt"
    assert found["Preferred-Languages"] == "nl, en"
    other = fields(Client(HTTP_HOST="maashorst.localhost").get("/.well-known/security.txt"))
    assert "maashorst.localhost" in other["Canonical"]
    assert "Canonical" in fields(Client(HTTP_HOST="localhost").get("/.well-known/security.txt"))


@pytest.mark.parametrize(
    ("own", "editors", "ours", "wanted"),
    [
        ("https://www.voorbeeld.example/melden", "r@v.example", "x@y.example",
         "https://www.voorbeeld.example/melden"),
        ("lek@voorbeeld.example", "", "x@y.example", "mailto:lek@voorbeeld.example"),
        ("", "r@v.example", "x@y.example", "mailto:x@y.example"),
        ("", "r@v.example", "", "mailto:r@v.example"),
        ("", "", "", "mailto:omzien@localhost"),
        ("x@y.example\nExpires: 2099", "", "", "mailto:omzien@localhost"),
        ("https://a.example/ Contact: x", "", "", "mailto:omzien@localhost"),
        ("javascript:alert(1)", "", "", "mailto:omzien@localhost"),
        (5, "", "", "mailto:omzien@localhost"),
    ],
)  # fmt: skip
def test_the_contact_is_the_nearest_that_is_an_address(own, editors, ours, wanted):
    town = Municipality(
        code="GM1948", name="M", host=HOST, editors_email=editors,
        settings={"security_contact": own},
    )  # fmt: skip
    with override_settings(SECURITY_CONTACT=ours):
        text = security_file(town, on=timezone.now())
    assert f"Contact: {wanted}\n" in text and len(text.splitlines()) == 5


def test_security_txt_does_not_believe_the_host_of_a_request(world):
    forget()
    text = Client(HTTP_HOST="anders.localhost").get("/.well-known/security.txt").content.decode()
    assert "anders" not in text and settings.ADDRESS.format(host="localhost") in text


# --- addresses and accounts ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd",
                "java\tscript:alert(1)", "javascript://x.example/%0aalert(1)"]
)  # fmt: skip
def test_the_address_of_a_website_is_never_a_script(editor, world, address):
    form = {"title": "Loket Geld", "description": "Hulp bij schulden.", "website": address}
    editor.post(f"/redactie/aanbod/{world.geldzaken.pk}", form)
    assert not entry(world.geldzaken.pk)["website"] or entry(world.geldzaken.pk)[
        "website"
    ].startswith(("http://", "https://"))


def test_a_new_installation_has_no_accounts(db):
    assert not Account.objects.exists()


def test_no_answer_names_the_server_and_the_file_names_the_policy(world):
    for path in ("/", "/niets", "/api/v1/niets"):
        assert Client(HTTP_HOST=HOST).get(path).headers["Server"] == ""
    policy = fields(Client(HTTP_HOST=HOST).get("/.well-known/security.txt"))["Policy"]
    assert policy.endswith("docs/security/vulnerabilities.md")
