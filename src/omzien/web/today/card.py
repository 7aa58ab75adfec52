"""One card of the page of today."""

from dataclasses import dataclass

from omzien.people.queries.hats import Hat

MOST_COUNTED = 100  # more than that is "100", and the list says the rest


@dataclass(frozen=True)
class Card:
    """One thing that waits, or that is good to know. `urgent` ones stand first."""

    title: str
    text: str
    link: str = ""
    label: str = ""
    urgent: bool = False
    more: tuple[tuple[str, str], ...] = ()  # other addresses, with their labels
    hat: Hat | None = None  # to put on first
    heard: str = ""  # what the label says more to who hears it without the card around it
