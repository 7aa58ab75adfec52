"""An open handover ends: its clocks stop, and the talk that was still planned is off."""

from datetime import datetime

from omzien.handovers.actions.notices import tell_meeting
from omzien.handovers.models import Handover, Meeting


def end(handover: Handover, *, now: datetime) -> None:
    """Stop the clocks of an open handover; who would sit together hears that this is off."""
    handover.ended_at = now
    handover.due_on = handover.remind_on = None
    for meeting in Meeting.objects.planned().filter(handover=handover):
        call_off(meeting, handover, now=now)


def call_off(meeting: Meeting, handover: Handover, *, now: datetime) -> None:
    """Let a planned talk be off, and tell all three, for it stands in their calendars."""
    meeting.cancelled_at = now
    meeting.save(update_fields=["cancelled_at"])
    tell_meeting(meeting, handover, "meeting-cancelled")
