"""What residents do on any page: say how satisfied they are."""

from django.db import transaction

from omzien.agenda.models import PageFeedback
from omzien.areas.models import Municipality
from omzien.journal.actions import record
from omzien.kernel.text import clean


@transaction.atomic
def rate_page(*, municipality: Municipality, page: str, score: int, remark: str) -> PageFeedback:
    """Keep an opinion about a page (M27), without anything about who gave it."""
    kept = PageFeedback.objects.create(
        municipality=municipality, page=page[:200], score=score, remark=clean(remark)[:2000]
    )
    record(
        verb="rate",
        subject="page",
        subject_id=kept.pk,
        by="visitor",
        municipality=municipality.code,
        score=score,
    )
    return kept
