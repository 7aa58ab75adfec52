"""An open handover ends: its clocks stop, and the talk that was still planned is off."""

from datetime import datetime

from omzien.handovers.actions.notices import tell_meeting
from omzien.handovers.actions.waiting import came_back
from omzien.handovers.models import Handover, Meeting
from omzien.handovers.rules.states import TAKEN


def end(handover: Handover, *, now: datetime) -> None:
    """Stop the clocks of an open handover; who would sit together hears that this is off. What
    waited for a place waits on, unless it got that.
    """
    handover.ended_at = now
    handover.due_on = handover.remind_on = None
    if handover.state not in TAKEN:
        came_back(handover, now=now)
    for meeting in Meeting.objects.planned().filter(handover=handover):
        call_off(meeting, handover, now=now)


def call_off(meeting: Meeting, handover: Handover, *, now: datetime) -> None:
    """Let a planned talk be off, and tell all three, for it stands in their calendars."""
    meeting.cancelled_at = now
    meeting.save(update_fields=["cancelled_at"])
    tell_meeting(meeting, handover, "meeting-cancelled")
