"""Pages of a list, after HSDS 3.1.1 (`empty` required) and the rules of the ORUK validator."""

from collections.abc import Sequence
from typing import Any

PER_PAGE = 20
"""The validator of Open Referral UK asks pages of 20 after a first call without size."""


def page_of(contents: Sequence[Any], *, total: int, number: int, per_page: int) -> dict[str, Any]:
    """Return one page as a Page object. A page past the end is empty, and not the last one."""
    pages = -(-total // per_page)
    return {
        "total_items": total,
        "total_pages": pages,
        "page_number": number,
        "size": len(contents),
        "first_page": number == 1,
        "last_page": number == max(pages, 1),
        "empty": not contents,
        "contents": list(contents),
    }
