"""What the directory holds of a person, and how long."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from omzien.directory.actions.forgetting import (
    edits_of,
    forget_before,
    forget_contacts,
    forget_entry_contacts,
    forget_files,
    forget_run,
    services_of,
)
from omzien.directory.models import Edit, ImportBefore, ImportFile, ImportRun, Report, Service
from omzien.directory.rules import FILE_ON_SITE, FILE_WAITS, FileState
from omzien.people.privacy.own import by_start
from omzien.people.privacy.registry import Rows, Source, Subject


def _entries(subject: Subject) -> Rows:
    return services_of(subject.addresses, subject.mentions)


def _erase_entries(subject: Subject) -> int:
    return forget_contacts(subject.addresses, subject.mentions)


def _no_rows(subject: Subject) -> Rows:
    """Return nothing: what others wrote about somebody is not shown, it could name others."""
    return ()


SOURCES = (
    Source("file", _("Ingelezen bestanden"), _no_rows, lambda s: forget_files(s.mentions),
           ("directory.ImportFile",)),
    Source("import-before", _("Wat een import veranderde"), _no_rows,
           lambda s: forget_before(s.mentions), ("directory.ImportBefore",)),
    Source("entry", _("Aanbod dat je bijhoudt"), _entries, _erase_entries,
           ("directory.Service", "directory.Phone", "directory.Provider")),
    Source("edit", _("Wijzigingen die je voorstelde"), lambda s: edits_of(s.addresses),
           lambda s: 0, ("directory.Edit",)),
)  # fmt: skip


def _left_entries() -> QuerySet[Service]:
    """Return the entries of this municipality that left and still have a contact."""
    named = ~Q(owner_email="") | ~Q(email="") | Q(phones__isnull=False)
    left = Service.objects.filter(named, left_on__isnull=False)
    return left.exclude(municipality=None).distinct()


def _runs_to_take_back() -> QuerySet[ImportRun]:
    """Return the imports of which the page still knows what they changed, or what was wrong."""
    changed = Q(pk__in=ImportBefore.objects.values("run"))
    going = ImportFile.objects.filter(state=FileState.UNDOING).values("run")
    with_page = Q(pk__in=ImportFile.objects.filter(state=FileState.DONE).values("run"))
    return ImportRun.objects.filter(changed | with_page).exclude(pk__in=going)


def _files_of_a_day() -> QuerySet[ImportFile]:
    """Return the files that are done with; of an import the page stays, to take it back."""
    kept = Q(state__in=FILE_WAITS) | Q(state__in=FILE_ON_SITE, run__isnull=False)
    return ImportFile.objects.exclude(kept)


TERMS = (
    by_start("entry", _left_entries, "left_on", destroy=forget_entry_contacts),
    by_start("edit", lambda: Edit.objects.exclude(decided_at=None), "decided_at"),
    by_start("report", lambda: Report.objects.exclude(closed_at=None), "closed_at"),
    by_start("import-run", lambda: ImportRun.objects.exclude(ended_at=None)
             .exclude(municipality=None), "ended_at"),
    by_start("import-before", _runs_to_take_back, "ended_at", destroy=forget_run),
    by_start("import-file", _files_of_a_day, "created_at"),
)  # fmt: skip
