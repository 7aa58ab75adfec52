"""Every public page, found in the addresses of the site; a new page joins by itself or says how."""

from collections.abc import Callable, Iterator

from django.template.loader import get_template
from django.urls import URLPattern, URLResolver, get_resolver

from omzien.people.rules.roles import PUBLIC
from tests.journeys.site import Site

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
# What is no page: files, addresses that only take a form, and links from a mail, which need a
# signed token. What needs a role is found by itself: tests/journeys/test_roles.py looks there.
NO_PAGE = {
    "asked",  # only for the browser that just asked: tests/journeys/test_asking.py looks there
    "handover-link",
    "hats",
    "link-calendar",
    "put-on",
    "aftercare",
    "change",
    "confirm",
    "new-change",
    "new-stop",
    "stop",
    "security-txt",
    "new-confirm",
    "sign-out",
    "area-calendar",
    "area-feed",
    "choose-language",
    "entry-calendar",
    "feedback",
    "healthy",
    "keep",
    "map-data",
    "theme",
    "topic-calendar",
    "topic-feed",
}
# Signing in and one's own account: tests/journeys/test_signing_in.py looks at them.
NO_PAGE |= {
    "account_reset_password_from_key",
    "account_signup",
    "enter-code",
    "invitation",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "municipal-return",
    "municipal-sign-on",
    "new-code",
}
NOWHERE = "/deze-pagina-is-er-niet"


def _sent(status: int, body: bytes) -> Callable[[Site], bytes]:
    """Return what asks the site for an error by sending it a form that it cannot take."""

    def ask(site: Site) -> bytes:
        reply = site.send("POST", "/antwoord" if status == 413 else "/taal", body)
        assert reply.status == status, reply.status
        return reply.body

    return ask


def _written(name: str) -> Callable[[Site], bytes]:
    """Return what writes a page that the site sends when it cannot ask its database."""
    return lambda site: get_template(name).render().encode()


ERRORS = {
    "403": _sent(403, b"taal=en"),  # a form without its token
    "413": _sent(413, b"text=" + b"x" * 3_000_000),
    "500": _written("500.html"),
    "maintenance": _written("maintenance.html"),
}


def patterns() -> Iterator[URLPattern]:
    """Yield every address of the pages (not of the API) that is not for a role only."""
    for one in every_pattern():
        verb = getattr(one.callback, "verb", None)
        if verb is None or PUBLIC.may(verb):
            yield one


def every_pattern(of: str = "omzien.web.urls") -> Iterator[URLPattern]:
    """Yield every address of the pages, also those that need a role; or of other addresses."""
    waiting: list[URLPattern | URLResolver] = list(get_resolver(of).url_patterns)
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
