"""Every public page, found in the addresses of the site; a new page joins by itself or says how."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

# What an address with an argument looks like in the demonstration.
SAMPLES = {
    "answer": [
        "/antwoord",
        "/antwoord?topic=debt&place=Schijndel&only=wheelchair",
    ],
    "agenda": ["/agenda", "/agenda?gebied=schijndel"],
    "area": ["/gebied/schijndel", "/gebied/boerdonk"],
    "entry": ["/aanbod/kop-boven-water"],
    "report": ["/aanbod/kop-boven-water/klopt-niet"],
}
# What is no page: files, and addresses that only take a form.
# The links in a mail and the buttons of editors need a signed token or a signed-in person:
# tests/web/test_freshness_pages.py, tests/web/test_logged.py; tests/journeys/test_editor.py signs
# in and looks.
NO_PAGE = {
    "invite",
    "absences",
    "answer-review",
    "appoint",
    "archive-team",
    "be-back",
    "end-membership",
    "hats",
    "members",
    "new-team",
    "organisations",
    "put-on",
    "review",
    "team",
    "teams",
    "today",
    "approve-edit",
    "approve-list",
    "ask-erasure",
    "change",
    "change-own",
    "confirm-own",
    "own-entries",
    "confirm",
    "data-of",
    "editor-change",
    "editor-confirm",
    "editors",
    "file-of",
    "lift-hold",
    "own-file",
    "place-hold",
    "run-list",
    "mail-again",
    "new-change",
    "questions",
    "security-txt",
    "questions-csv",
    "new-confirm",
    "reject-edit",
    "remove-words",
    "settle-report",
    "sign-out",
    "area-calendar",
    "area-feed",
    "choose-language",
    "entry-calendar",
    "feedback",
    "healthy",
    "import",
    "import-confirm",
    "import-discard",
    "import-faults",
    "import-file",
    "import-template",
    "keep",
    "map-data",
    "settings-download",
    "settings-group",
    "settings-reset",
    "settings-take-over",
    "theme",
    "topic-feed",
    "who-looked",
    "village",
    "words",
}
# Signing in and one's own account: tests/journeys/test_signing_in.py looks at them.
NO_PAGE |= {
    "account",
    "account_change_password",
    "account_reauthenticate",
    "account_reset_password_from_key",
    "account_set_password",
    "account_signup",
    "end-session",
    "end-sessions",
    "enter-code",
    "invitation",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_authenticate",
    "mfa_deactivate_totp",
    "mfa_generate_recovery_codes",
    "mfa_index",
    "mfa_list_webauthn",
    "mfa_login_webauthn",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "mfa_remove_webauthn",
    "mfa_view_recovery_codes",
    "municipal-return",
    "municipal-sign-on",
    "new-code",
    "say-name",
    "sessions",
}
NOWHERE = "/deze-pagina-is-er-niet"


def patterns() -> Iterator[URLPattern]:
    """Yield every address of the pages (not of the API)."""
    waiting: list[URLPattern | URLResolver] = list(get_resolver("omzien.web.urls").url_patterns)
    while waiting:
        one = waiting.pop(0)
        if isinstance(one, URLResolver):
            waiting += one.url_patterns
        else:
            yield one


def unknown() -> list[str]:
    """Return the pages with an argument of which no sample is known."""
    return [
        f"{p.name}: {p.pattern}"
        for p in patterns()
        if "<" in str(p.pattern) and p.name not in NO_PAGE and p.name not in SAMPLES
    ]


def paths() -> list[str]:
    """Return the addresses to walk."""
    found = [NOWHERE]
    for one in patterns():
        if one.name in NO_PAGE:
            continue
        plain = [] if "<" in str(one.pattern) else [f"/{one.pattern}"]
        found += SAMPLES.get(str(one.name), plain)
    return found
