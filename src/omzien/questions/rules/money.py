"""What is about money alone: all that an administrator (bewindvoerder) decides about.

One other topic beside it, as low spirits, and the story is no longer theirs to read.
"""

from collections.abc import Collection

MONEY = (
    "debt",
    "budgeting",
    "paperwork",
    "benefits",
    "food-aid",
    "household-goods",
    "child-poverty",
    "energy-costs",
)  # the topics of the domain "money"; tests/web/test_administrator.py


def is_about_money(topics: Collection[str]) -> bool:
    """Tell whether all topics are about money; a question without topics is not."""
    return bool(topics) and set(topics) <= set(MONEY)
