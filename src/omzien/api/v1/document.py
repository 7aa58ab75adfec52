"""The OpenAPI document of our own API: kept by hand, and the rule for what may be sent."""

import json
from functools import lru_cache
from importlib.resources import files
from typing import Any

VERSION = "1.0.0"


@lru_cache(maxsize=1)
def shipped() -> dict[str, Any]:
    """Return the shipped document (openapi.json), whose server stands for any municipality."""
    text = files("omzien.api.v1").joinpath("openapi.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def document(*, server: str, name: str, page: str, email: str) -> dict[str, Any]:
    """Return the document as the municipality `name` serves it at `server`.

    `page` is its page about open data, `email` where a developer can ask something.
    """
    info = shipped()["info"] | {"contact": {"name": name, "url": page, "email": email}}
    return shipped() | {"info": info, "servers": [{"url": server}]}


def schema(name: str) -> dict[str, Any]:
    """Return the schema of what may be sent."""
    found: dict[str, Any] = shipped()["components"]["schemas"][name]
    return found
