"""A browser and a site. A visitor's page tells when it asks another host or says an error."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.journeys.site import Site

CHROMIUM = next((p for n in ("chromium", "chromium-browser") if (p := shutil.which(n))), None)
# Each visitor comes from another address, as a proxy tells it: the limits count per address.
ADDRESSES = map("198.51.100.{}".format, cycle(range(1, 255)))
NO_BROWSER = "OVERGESLAGEN: geen Chromium gevonden, dus geen pagina is in een browser bekeken."
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP *.localhost 127.0.0.1",
]


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say it at the end as well, in capitals: a skipped journey is no passed journey."""
    skipped = terminalreporter.stats.get("skipped", [])
    if any(NO_BROWSER in str(report.longrepr) for report in skipped):
        terminalreporter.write_line(NO_BROWSER, red=True, bold=True)


@pytest.fixture
def site(demonstration: Site) -> Site:
    """The demonstration, as the visitors of all journeys share it."""
    return demonstration


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, with a profile of its own."""
    if CHROMIUM is None:
        pytest.skip(NO_BROWSER)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@dataclass
class Visitor:
    """Someone at a screen: a fresh browser without history, and what went wrong for them."""

    site: Site
    context: BrowserContext
    page: Page
    errors: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    def open(self, path: str) -> Any:
        return self.page.goto(self.site.address + path)

    def ask(self, text: str, place: str = "") -> None:
        self.open("/")
        self.page.get_by_label("Je vraag").fill(text)
        self.page.get_by_label("Je dorp of postcode").fill(place)
        self.page.get_by_role("button", name="Laat zien wat kan helpen").click()

    def watch(self) -> None:
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda m: self._hear(m.type, m.text))
        self.page.on("request", lambda request: self._note(request.url))

    def _hear(self, kind: str, text: str) -> None:
        # A refused form answers 400, and Chromium calls that an error; it is what we want.
        if kind == "error" and "status of 400" not in text:
            self.errors.append(text)

    def _note(self, url: str) -> None:
        scheme, host = urlsplit(url)[:2]
        if host != urlsplit(self.site.address).netloc and scheme not in ("data", "blob"):
            self.elsewhere.append(url)


@pytest.fixture
def newcomer(browser: Browser, site: Site) -> Iterator[Any]:
    """A maker of visitors: `newcomer()` or `newcomer(java_script_enabled=False)`."""
    made: list[Visitor] = []

    def make(**options: Any) -> Visitor:
        options["extra_http_headers"] = {"X-Forwarded-For": next(ADDRESSES)}
        context = browser.new_context(locale="nl-NL", timezone_id="Europe/Amsterdam", **options)
        context.set_default_timeout(15_000)
        visitor = Visitor(site, context, context.new_page())
        visitor.watch()
        made.append(visitor)
        return visitor

    yield make
    for visitor in made:
        visitor.context.close()
    assert [v.elsewhere for v in made if v.elsewhere] == [], "a request went to another host"
    assert [v.errors for v in made if v.errors] == [], "the console has errors"


@pytest.fixture
def visitor(newcomer: Any) -> Visitor:
    """One visitor with an ordinary screen."""
    return newcomer(viewport={"width": 1280, "height": 900})
