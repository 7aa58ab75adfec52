"""How long a session lasts, and how a browser is called in the list of one's sessions."""

from datetime import timedelta

# Without a click; work with other people's lives asks for less (ASVS 7.3.1, BIO2 8.05).
IDLE = timedelta(hours=2)
IDLE_AT_WORK = timedelta(minutes=30)
# However often somebody clicks (ASVS 7.3.2).
ABSOLUTE = timedelta(hours=12)
ABSOLUTE_AT_WORK = timedelta(hours=10)
MOST_AT_ONCE = 20  # of one account, that up to five people share; one more ends the oldest
# How long ago the municipality's sign-on may have seen somebody prove who they are.
PROVEN_WITHIN = ABSOLUTE_AT_WORK
NOTED_EVERY = timedelta(minutes=1)  # "seen" is written no more often than this

BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrom", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)


def is_over(*, started: float, seen: float, now: float, at_work: bool) -> bool:
    """Tell whether a session is over. The moments are seconds since 1970.

    A clock that was put back ends nothing by itself: the absolute limit counts from `started`
    and an idle time below zero is none.
    """
    idle, absolute = (IDLE_AT_WORK, ABSOLUTE_AT_WORK) if at_work else (IDLE, ABSOLUTE)
    return now - seen > idle.total_seconds() or now - started > absolute.total_seconds()


def browser_of(user_agent: str) -> str:
    """Return a browser as its owner knows it, such as "Firefox, Windows"; "" when unknown."""
    found = [
        next((name for mark, name in marks if mark in user_agent), "")
        for marks in (BROWSERS, SYSTEMS)
    ]
    return ", ".join(name for name in found if name)
