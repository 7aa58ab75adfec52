"""The checks of the validator of Open Referral UK, on its own schemas and test plans.

A feed is a function from a path ("/services?page=2") to the JSON that it answers, so that
our API and the mock files of the validator go through the same checks.
"""

import json
from collections.abc import Callable, Iterator
from functools import lru_cache
from math import ceil
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

Feed = Callable[[str], Any]
FORMATS = FormatChecker()
assert {"uri", "uuid", "email", "date", "date-time"} <= set(FORMATS.checkers), "see pyproject dev"


@lru_cache(maxsize=64)
def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8-sig"))


def errors(thing: Any, schema: Path) -> list[str]:
    """Return what is wrong with `thing` after a schema, formats included."""
    found = Draft202012Validator(read(schema), format_checker=FORMATS).iter_errors(thing)
    return [f"{schema.name} {list(e.absolute_path)}: {e.message[:200]}" for e in found]


def plan(folder: Path, profile: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the level and each test of a test plan."""
    for group in read(folder / "TestProfiles" / f"{profile}.json")["testGroups"]:
        for test in group["tests"]:
            yield group["messageLevel"], test


def check_plan(feed: Feed, folder: Path, profile: str) -> list[str]:
    """Return all that fails in a test plan: schemas, lists, one by id."""
    found: list[str] = []
    saved: dict[str, str] = {}
    for level, test in plan(folder, profile):
        schema = folder / "Schemas" / test["schema"]
        path = test["endpoint"]
        if "useIdFrom" in test:
            path += saved[path.rstrip("/")]
        body = feed(path)
        found += [f"{level} {path}: {e}" for e in errors(body, schema)]
        if test.get("pagination"):
            found += [f"{level} {path}: {e}" for e in page_errors(body)]
            saved[path] = body["contents"][0]["id"]
    return found


def page_errors(page: dict[str, Any]) -> list[str]:
    """Return what is wrong with one page by itself."""
    kinds = {"total_items": int, "total_pages": int, "page_number": int, "size": int}
    kinds |= {"first_page": bool, "last_page": bool, "empty": bool, "contents": list}
    found = [f"{name} is no {kind.__name__}" for name, kind in kinds.items()
             if type(page.get(name)) is not kind]  # fmt: skip
    if found:
        return found
    if page["size"] != len(page["contents"]):
        found.append(f"size {page['size']} with {len(page['contents'])} contents")
    if page["empty"] != (not page["contents"]):
        found.append("empty is not true to the contents")
    if page["first_page"] != (page["page_number"] == 1):
        found.append("first_page is not true to the page number")
    if page["last_page"] != (page["page_number"] == max(page["total_pages"], 1)):
        found.append("last_page is not true to the page number")
    return found


def paging_errors(feed: Feed, path: str) -> list[str]:
    """Return what is wrong over the pages of a list, asked as the validator asks them."""
    first = feed(path)
    total, pages = first["total_items"], first["total_pages"]
    per_page = 20 if total >= 60 else ceil(total / max(pages, 1))
    found = page_errors(first)
    seen: list[str] = []
    for number in range(1, pages + 1):
        page = feed(f"{path}?perPage={per_page}&page={number}")
        found += page_errors(page)
        if page["total_items"] != total:
            found.append(f"total_items {page['total_items']} on page {number}, was {total}")
        if number < pages and page["size"] != per_page:
            found.append(f"size {page['size']} on page {number}, asked {per_page}")
        seen += [thing["id"] for thing in page["contents"]]
    if len(seen) != total or len(set(seen)) != total:
        found.append(f"{len(seen)} things ({len(set(seen))} different) of {total}")
    return found


def mock(folder: Path, name: str) -> Feed:
    """Return the feed of a mock of the validator."""
    base = folder / "Mocks" / f"V3.0-UK-{name}"
    lists = {"services": "service", "taxonomies": "taxonomy", "taxonomy_terms": "taxonomy_term"}
    lists["service_at_locations"] = "service_at_location"

    def feed(path: str) -> Any:
        if path == "/":
            return read(base / "api_details.json")
        kind, _, number = path.strip("/").split("?")[0].partition("/")
        if not number:
            return read(base / f"{lists[kind]}_list.json")
        full = base / f"{lists[kind]}_full.json"
        return read(full if full.exists() else base / f"{lists[kind]}.json")

    return feed
