"""How somebody gets on with a keyboard only, and the walks that many journeys begin with."""

import re
import time
from urllib.parse import urlsplit

from tests.journeys.test_roles import become
from tests.journeys.test_walk import look

SMALL = {"viewport": {"width": 320, "height": 640}}
MOST = 300  # presses of Tab: more than the longest page needs
FOCUS = r"""() => { const e = document.activeElement, labels = e.labels || [];
    const own = e.matches('input, select, textarea');
    const text = e.getAttribute('aria-label') || (labels.length ? labels[0].textContent : '') ||
        (own ? '' : e.textContent) || '';
    return [text.replace(/\s+/g, ' ').trim(), e.type || '']; }"""
GROUP = """() => { const e = document.activeElement;
    const all = [...document.querySelectorAll('input[type=radio]')]
        .filter(one => one.name === e.name && one.form === e.form);
    return [all.indexOf(e), all.map(one => one.labels[0].innerText.trim())]; }"""
FOLDED = "document.folded = document.querySelectorAll('details:not([open])')"
OPTIONS = """() => { const e = document.activeElement;
    return [e.selectedIndex, [...e.options].map(one => one.text.trim())]; }"""


def to(page, name, *, kind=""):
    """Press Tab until what has the focus is called so (`kind`: and is of that type)."""
    for _ in range(MOST):
        page.keyboard.press("Tab")
        text, is_a = page.evaluate(FOCUS)
        if text.startswith(name) and kind in ("", is_a):
            return
    raise AssertionError(f"Tab never comes to {name!r} on {page.url}")


def write(page, label, text):
    """Type into a field, over what stood there."""
    to(page, label)
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def choose(page, label, option):
    """Choose from a list with the arrows."""
    to(page, label, kind="select-one")
    at, names = page.evaluate(OPTIONS)
    wanted = next(n for n, one in enumerate(names) if one.startswith(option))
    for _ in range(abs(wanted - at)):
        page.keyboard.press("ArrowDown" if wanted > at else "ArrowUp")
    assert page.evaluate(OPTIONS)[0] == wanted, f"{option!r} is not chosen"


def pick(page, option):
    """Tick a box, or go to a group of radio buttons and choose one of them with the arrows."""
    for _ in range(MOST):
        page.keyboard.press("Tab")
        text, kind = page.evaluate(FOCUS)
        if kind == "checkbox" and text.startswith(option):
            return page.keyboard.press("Space")
        at, names = page.evaluate(GROUP) if kind == "radio" else (0, [])
        wanted = next((n for n, one in enumerate(names) if one.startswith(option)), None)
        if wanted is not None:
            if wanted == at:
                return page.keyboard.press("Space")
            for _ in range((wanted - at) % len(names)):
                page.keyboard.press("ArrowDown")
            return None
    raise AssertionError(f"Tab never comes to {option!r} on {page.url}")


def unfold(page, name):
    """Open what is folded, as Enter does; what is open already stays open."""
    to(page, name)
    if not page.evaluate("document.activeElement.parentElement.open"):
        page.keyboard.press("Enter")


def press(page, name, *, kind=""):
    """Go to a button or a link and press Enter; wait for the page behind it."""
    to(page, name, kind=kind)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def says(page, text):
    """Somebody can read it, wherever on the page."""
    found = page.get_by_text(text).filter(visible=True)
    assert found.count(), f"{text!r} is not on {page.url}:\n{page.inner_text('main')}"


def looked(visitor):
    """Look with axe at both widths, and go on with the screen and what is folded as it was."""
    before = visitor.page.viewport_size
    visitor.page.evaluate(FOLDED)
    look(visitor)
    visitor.page.evaluate("document.folded.forEach(one => one.open = false)")
    visitor.page.set_viewport_size(before)


def look_for(visitor, question, place=""):
    """Ask the social map, on the first page."""
    visitor.open("/")
    write(visitor.page, "Je vraag", question)
    write(visitor.page, "Je dorp of postcode", place)
    press(visitor.page, "Laat zien wat kan helpen")


def ask(visitor, story, place, *, name, email):
    """Ask in the three steps, for oneself; return the number on the receipt."""
    page = visitor.page
    visitor.open("/vraag")
    write(page, "Waar wil je hulp bij?", story)
    write(page, "Je dorp of postcode", place)
    press(page, "Ga verder", kind="submit")
    page.get_by_text("Stap 2 van 3").wait_for()
    pick(page, "Voor mezelf")
    write(page, "Je naam", name)
    write(page, "Je mailadres", email)
    pick(page, "Mail me")
    press(page, "Ga verder", kind="submit")
    page.get_by_text("Stap 3 van 3").wait_for()
    press(page, "Verstuur mijn vraag")
    page.wait_for_url("**/vraag/ontvangen")
    return re.search(r"[A-Z0-9]{4}-[A-Z0-9]{4}", page.inner_text("main"))[0]


def mailed(visitor, address, pattern):
    """Return what a mail to this address says, as the first group of a pattern."""
    tab = visitor.context.new_page()
    try:
        for _ in range(60):
            tab.goto(f"{visitor.site.address}/demo/post")
            for mail in tab.locator("article", has_text=address).all_inner_texts():
                if found := re.search(pattern, mail):
                    return found[1]
            time.sleep(0.5)
    finally:
        tab.close()
    raise AssertionError(f"no mail to {address} says {pattern}")


def follow(visitor, email):
    """Sign in by a code from the mail, say who that is (as the address does), and go to one's own
    question; return its address.
    """
    page = visitor.page
    visitor.open("/aanmelden?next=/mijn-vragen")
    write(page, "Mailadres", email)
    press(page, "Stuur me een code")
    write(page, "Code uit de mail", mailed(visitor, email, r"code: (\d{6})"))
    press(page, "Meld me aan", kind="submit")
    write(page, "Je naam", email.partition("@")[0].replace(".", " "))
    press(page, "Ga verder", kind="submit")
    visitor.open("/mijn-vragen")
    press(page, "Vraag van")
    return urlsplit(page.url).path


def work_on(visitor, who, reference):
    """Be a worker and go to a question by its number; return its address."""
    page = become(visitor, who)
    visitor.open("/werk/lijst")
    card = page.locator("li.card", has_text=reference)
    while not card.count():
        press(page, "Volgende vragen")
    card.get_by_role("link").first.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    return urlsplit(page.url).path


def number_of(page):
    """Return the number of the question whose page is open."""
    return re.search(r"[A-Z0-9]{4}-[A-Z0-9]{4}", page.inner_text("main"))[0]
