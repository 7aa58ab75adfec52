"""Why a second step is taken away; a code, so that no text about somebody gets into a fact."""

from enum import StrEnum


class Reason(StrEnum):
    """What happened to it."""

    LOST = "lost"
    REPLACED = "replaced"
    STOLEN = "stolen"
