"""Identifiers for what HSDS numbers and we do not: always the same for the same thing."""

import uuid

OURS = uuid.UUID("6f0a3a44-2d0c-5bb8-9a57-6d3f1c1f6a01")


def made_id(*parts: object) -> str:
    """Return the UUID (version 5) that belongs to `parts`, now and in every other process."""
    return str(uuid.uuid5(OURS, "/".join(str(part) for part in parts)))
