"""Opinions about pages: nobody's name is with them; the text has a term."""

from omzien.agenda.models import PageFeedback
from omzien.people.privacy.own import by_start
from omzien.people.privacy.registry import Source

SOURCES: tuple[Source, ...] = ()
TERMS = (by_start("page-feedback", PageFeedback.objects.all, "created_at"),)
