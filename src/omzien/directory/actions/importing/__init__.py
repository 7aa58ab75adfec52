"""Entries from a file into the directory: whole or not at all, and never merged unasked."""

from omzien.directory.actions.importing.report import EntriesReport, Mention
from omzien.directory.actions.importing.run import import_entries, import_file

__all__ = ["EntriesReport", "Mention", "import_entries", "import_file"]
