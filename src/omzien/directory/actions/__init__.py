"""The only writers of the directory: one verb a person would say per function."""

from omzien.directory.actions.entries import (
    add_provider,
    change,
    load_topics,
    publish,
    reindex,
    withdraw,
)

__all__ = ["add_provider", "change", "load_topics", "publish", "reindex", "withdraw"]
