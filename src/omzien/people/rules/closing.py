"""Shutting somebody out: what is done and why; codes, so that no text gets into a fact."""

from enum import StrEnum


class Deed(StrEnum):
    """What happens to the account."""

    SIGN_OUT = "sign-out"
    CLOSE = "close"


class Cause(StrEnum):
    """Why."""

    ASKED = "asked"
    DEVICE_GONE = "device-gone"
    MISUSED = "misused"
    LEFT = "left"
