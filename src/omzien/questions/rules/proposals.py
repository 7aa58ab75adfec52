"""Why another route is proposed and why not; codes, so that no text about anybody gets in."""

from enum import StrEnum


class Why(StrEnum):
    """Why another team should get these questions."""

    ROOM = "room"
    KNOWS = "knows"
    FITS = "fits"
    GONE = "gone"


class WhyNot(StrEnum):
    """Why it does not go on."""

    NO_ROOM = "no-room"
    ALREADY = "already"
    TALK_FIRST = "talk-first"
    NOT_NOW = "not-now"


class Advice(StrEnum):
    """What who oversees privacy advises."""

    FINE = "fine"
    WHO_READS = "who-reads"
    TOO_WIDE = "too-wide"
    TALK_FIRST = "talk-first"
