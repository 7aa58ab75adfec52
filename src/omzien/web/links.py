"""Addresses of pages that another part of the site has, or has not yet."""

from typing import Any

from django.urls import NoReverseMatch, reverse


def address(name: str, *arguments: Any) -> str:
    """Return the address of a page, or "" where this site has no such page."""
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:
        return ""
