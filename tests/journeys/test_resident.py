"""A resident narrows, keeps, prints, shares, subscribes and speaks up; no account anywhere."""

import re
from urllib.parse import urlsplit

import pytest
from dateutil.rrule import rrulestr
from defusedxml import ElementTree

pytestmark = pytest.mark.journeys

LONELY = "ik ben vaak alleen en wil mensen ontmoeten"
ATOM = "{http://www.w3.org/2005/Atom}"


def test_a_filter_leaves_as_many_answers_as_it_promised(visitor):
    page = visitor.page
    visitor.ask(LONELY, "Veghel")
    before = page.locator("[data-entry]").count()
    page.get_by_text("Filters", exact=True).click()
    free = page.get_by_label("Gratis")
    promised = int(re.search(r"\((\d+)\)", free.locator("..").inner_text()).group(1))
    assert 0 < promised < before
    free.check()
    with page.expect_navigation():  # on a busy machine the old page is gone before the new one is
        page.get_by_role("button", name="Pas filters toe").click()
    assert page.locator("[data-entry]").count() == promised
    assert page.get_by_label("Gratis").is_checked()
    assert page.get_by_label("Je vraag").input_value() == LONELY
    page.locator("#antwoord h3 a").first.click()
    page.go_back()  # to look at the second one too
    assert page.locator("[data-entry]").count() == promised


def test_the_map_shows_what_the_list_shows(visitor, site):
    page = visitor.page
    visitor.ask(LONELY, "Veghel")
    page.locator("[data-entry]").first.wait_for()
    listed = {e.get_attribute("data-entry") for e in page.locator("[data-entry]").all()}
    with page.expect_response("**/kaart.json") as answer:
        page.get_by_role("button", name="Open de kaart").click()
    points = [p for p in answer.value.json()["points"] if p["slug"] in listed]
    assert page.get_by_role("group", name="Op de kaart").is_visible()
    pins = page.locator("#kaart .map__pin")
    pins.first.wait_for()
    places = {(round(p["lat"], 4), round(p["lon"], 4)) for p in points}
    assert pins.count() == len(places) > 0
    assert page.evaluate("document.activeElement.id") == "kaart"
    for pin in pins.all():  # each by the keyboard, and each way in is on one of them
        pin.focus()
        page.keyboard.press("Enter")
        opened = page.locator(".leaflet-popup-content a")
        opened.first.wait_for()
        named = opened.all_inner_texts()
        assert pin.get_attribute("aria-label") == ", ".join(named)
        points = [p for p in points if p["title"] not in named]
        page.keyboard.press("Escape")
        opened.first.wait_for(state="detached")
    assert points == [] and page.get_by_role("button", name="Dichterbij").is_visible()
    assert "CBS/Kadaster" in page.locator("#kaart").inner_text()


def test_a_resident_keeps_an_entry_without_an_account(visitor):
    page = visitor.page
    visitor.ask(LONELY, "Veghel")
    title = page.locator("#antwoord h3").first.inner_text()
    page.locator("#antwoord h3 a").first.click()
    page.get_by_role("button", name="Bewaar op mijn lijst").click()
    page.get_by_role("link", name="Bewaard", exact=True).click()
    assert title in page.locator("main").inner_text()
    page.get_by_role("button", name="Haal van mijn lijst").click()
    visitor.open("/bewaard")
    assert "Je lijst is nog leeg" in page.locator("main").inner_text()


def test_paper_has_what_an_entry_a_list_a_village_and_an_agenda_say_and_no_buttons(visitor):
    page = visitor.page
    visitor.ask(LONELY, "Veghel")
    page.locator("#antwoord h3 a").first.click()
    page.get_by_role("button", name="Bewaar op mijn lijst").click()
    entry = urlsplit(page.url).path
    for address in (entry, "/bewaard", "/gebied/veghel", "/agenda"):
        page.emulate_media(media="screen")
        visitor.open(address)
        page.emulate_media(media="print")
        for gone in ("nav", ".site-foot", "form", "button", ".map"):
            assert not any(e.is_visible() for e in page.locator(gone).all()), (address, gone)
        assert page.locator("h1").is_visible() and page.locator(".printed").is_visible()
        if address == entry:
            paper = page.locator("main").inner_text()
            assert "Laatst gecontroleerd:" in paper and "Bijgehouden door:" in paper
            assert "Klopt dit niet?" not in paper


def test_paper_has_the_answer_and_no_navigation(visitor):
    page = visitor.page
    visitor.ask(LONELY, "Veghel")
    page.emulate_media(media="print")
    for gone in ("nav", ".site-foot", "form", "button", ".map"):
        assert not any(e.is_visible() for e in page.locator(gone).all()), gone
    assert page.locator("#antwoord article a[href^='tel:']").first.is_visible()
    # What is folded on the screen, who listens, whom to call in danger, and the day: all on paper.
    assert all(one.is_visible() for one in page.locator("#antwoord [data-entry]").all())
    assert page.locator(
        "#antwoord section[aria-labelledby='mens-kop'] a[href^='tel:']"
    ).is_visible()
    assert page.locator(".crisis-strip").is_visible() and page.locator(".printed").is_visible()


def test_a_shared_link_shows_the_subject_and_not_the_words(visitor, newcomer):
    visitor.ask("mijn buurman Joop ligt met iedereen overhoop over schulden", "Schijndel")
    visitor.page.get_by_role("link", name="Link om te delen").click()
    shared = visitor.page.url
    assert "topic=debt" in shared and "place=Schijndel" in shared
    assert not re.search("joop|buurman|overhoop", shared, re.IGNORECASE)
    friend = newcomer()
    friend.page.goto(shared)
    assert "Schijndel" in friend.page.get_by_role("heading", level=1).inner_text()
    assert friend.page.locator("#antwoord article").count() > 2


def test_an_activity_goes_into_an_own_calendar(visitor, site):
    page = visitor.page
    visitor.open("/agenda")
    page.locator("main li.card a").first.click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Zet in mijn agenda").click()
    assert download.value.suggested_filename.endswith(".ics")
    assert _events(download.value.path().read_bytes())
    assert _events(site.get("/gebied/schijndel/agenda.ics").body)


@pytest.mark.parametrize("path", ["/gebied/schijndel/nieuw.atom", "/onderwerp/debt/nieuw.atom"])
def test_a_feed_reader_reads_the_news(site, path):
    reply = site.get(path)
    assert reply.headers["content-type"].startswith("application/atom+xml")
    feed = ElementTree.fromstring(reply.body)
    assert feed.tag == f"{ATOM}feed"
    entries = feed.findall(f"{ATOM}entry")
    assert entries
    for one in [feed, *entries]:
        for name in ("id", "title", "updated"):
            assert one.findtext(ATOM + name), name
        assert one.find(f"{ATOM}link").get("href").startswith(site.address)
    ids = [e.findtext(f"{ATOM}id") for e in entries]
    assert len(set(ids)) == len(ids)


def test_another_page_may_frame_the_question_field_and_nothing_else(browser, site):
    context = browser.new_context(locale="nl-NL")
    frames = "".join(f"<iframe src='{site.address}{p}'></iframe>" for p in ("/inbedden", "/over"))
    for host in ("meierijstad", "elders"):
        address = f"http://{host}.localhost:{site.port}/eigen-site"
        context.route(address, lambda route: route.fulfill(body=frames, content_type="text/html"))
    page = context.new_page()
    page.goto(f"{site.address}/eigen-site")
    assert page.frames[2].url == "chrome-error://chromewebdata/"
    frame = page.frame_locator("iframe").first
    frame.get_by_label("Je vraag").fill("ik ben vaak alleen")
    with context.expect_page() as opened:
        frame.get_by_role("button", name="Laat zien wat kan helpen").click()
    answer = opened.value
    assert answer.url == f"{site.address}/antwoord" and answer.locator("[data-entry]").count() > 3
    page.goto(f"http://elders.localhost:{site.port}/eigen-site")
    assert {f.url for f in page.frames[1:]} == {"chrome-error://chromewebdata/"}
    context.close()


def test_a_resident_says_that_an_entry_is_wrong(visitor, site):
    page = visitor.page
    visitor.open("/antwoord?topic=debt&place=Schijndel")
    page.locator("#antwoord h3 a").first.click()
    page.get_by_role("link", name="Klopt dit niet?").click()
    page.get_by_role("button", name="Stuur mijn melding").click()
    assert page.evaluate("document.activeElement.id") == "fouten"
    assert page.title().startswith("Fout:")
    page.get_by_label("Dagen of tijden").check()
    page.get_by_label("Hoe is het wel?").fill("Op vrijdag is het dicht.")
    page.get_by_role("button", name="Stuur mijn melding").click()
    assert "Dank je wel" in page.get_by_role("status").first.inner_text()
    assert "Op vrijdag is het dicht." in str(site.contents()["directory_report"])


def test_a_resident_says_what_they_think_of_a_page(visitor):
    page = visitor.page
    visitor.open("/over")
    page.get_by_text("Klopt er iets niet, of wil je iets zeggen?").click()
    page.get_by_label("Je opmerking").fill("Duidelijk.")
    page.get_by_role("button", name="Stuur mijn mening").click()
    assert page.locator("input[name='score']:invalid").count()  # the browser asks, nothing is lost
    assert page.get_by_label("Je opmerking").input_value() == "Duidelijk."
    page.get_by_label("Tevreden", exact=True).check()
    page.get_by_role("button", name="Stuur mijn mening").click()
    assert "Dank je wel voor je mening" in page.get_by_role("status").first.inner_text()
    assert page.url.endswith("/over")


def test_an_empty_question_brings_the_focus_to_what_to_do(visitor):
    visitor.ask("  ")
    assert visitor.page.evaluate("document.activeElement.id") == "fouten"
    visitor.page.get_by_role("link", name="Typ eerst je vraag").click()
    assert visitor.page.evaluate("document.activeElement.id") == "vraag"


def _events(calendar: bytes) -> list[dict[str, str]]:
    """Read a calendar strictly after RFC 5545 and return its events."""
    text = calendar.decode("utf-8")
    assert text.endswith("\r\n") and "\n" not in text.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    open_parts: list[str] = []
    events: list[dict[str, str]] = []
    for line in text.replace("\r\n ", "").splitlines():
        name, value = re.fullmatch(r"([A-Z0-9-]+(?:;[A-Z-]+=[^:;]+)*):(.*)", line).groups()
        if name == "BEGIN":
            open_parts.append(value)
            if value == "VEVENT":
                events.append({})
        elif name == "END":
            assert open_parts.pop() == value
        elif open_parts[-1] == "VEVENT":
            events[-1][name.split(";")[0]] = value
    assert open_parts == []
    for event in events:
        assert {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY"} <= set(event)
        if "RRULE" in event:
            rrulestr(f"DTSTART:{event['DTSTART']}\nRRULE:{event['RRULE']}")
    assert len({e["UID"] for e in events}) == len(events)
    return events
