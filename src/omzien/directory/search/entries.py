"""What search needs to know of one service, and its words with the weight of their field."""

from dataclasses import dataclass, field

from omzien.directory.language.analysis import count, tokens
from omzien.directory.language.topics import suggest
from omzien.kernel.geo import LatLon
from omzien.kernel.ladder import Rung
from omzien.kernel.recurrence import Recurrence

TITLE, KEYWORDS, TOPIC, PROVIDER, AUDIENCE, ELIGIBILITY, DESCRIPTION = (
    4.0,
    3.0,
    2.0,
    1.5,
    1.0,
    0.7,
    1.0,
)
SUGGESTED = 0.9  # what a suggested topic weighs beside one that an editor chose


@dataclass(frozen=True, slots=True)
class Entry:
    """One service as search sees it.

    `tokens` maps a token to its count times the weight of its field; `topics` maps a topic
    code to how sure we are of it (1.0: an editor chose it); `points` are the places where
    it can be had (an index keeps tokens and points in its arrays, and not in its entries);
    `trust` is below 1 for an entry that has not been checked in time.
    """

    id: str
    rung: Rung | None = None
    tokens: dict[str, float] = field(default_factory=dict)
    topics: dict[str, float] = field(default_factory=dict)
    village: str = ""
    points: tuple[LatLon, ...] = ()
    reach: str = "municipality"
    villages: frozenset[str] = frozenset()
    trust: float = 1.0
    is_free: bool | None = None
    wheelchair: bool | None = None
    without_appointment: bool | None = None
    languages: frozenset[str] = frozenset()
    age_min: int | None = None
    age_max: int | None = None
    times: frozenset[str] = frozenset()
    """Parts of the week in which it can be had: "mo" .. "su", "evening", "weekend"."""
    audience: frozenset[str] = frozenset()
    slots: tuple[Recurrence, ...] = ()


def weighted_tokens(
    *,
    title: str,
    provider: str = "",
    description: str = "",
    keywords: str = "",
    audience: str = "",
    eligibility: str = "",
    topic_labels: str = "",
) -> dict[str, float]:
    """Return the tokens of an entry, each with its count times the weight of its field."""
    fields = (
        (title, TITLE),
        (keywords, KEYWORDS),
        (topic_labels, TOPIC),
        (provider, PROVIDER),
        (audience, AUDIENCE),
        (eligibility, ELIGIBILITY),
        (description, DESCRIPTION),
    )
    return count((t, w * weight) for text, weight in fields if text for t, w in tokens(text))


def topics_of(chosen: list[str], *, title: str, description: str) -> dict[str, float]:
    """Return the topics of an entry: those that an editor chose, else those we suggest."""
    if chosen:
        return dict.fromkeys(chosen, 1.0)
    suggested = suggest(title=title, description=description)
    most = max((s.share for s in suggested), default=1.0)
    return {s.topic: s.share / most * SUGGESTED for s in suggested}
