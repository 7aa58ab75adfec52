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
# tests/web/test_freshness_pages.py; tests/journeys/test_editor.py signs in and looks.
NO_PAGE = {
    "approve-edit",
    "change",
    "confirm",
    "editor-change",
    "editor-confirm",
    "editors",
    "mail-again",
    "new-change",
    "questions",
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
    "village",
    "words",
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
