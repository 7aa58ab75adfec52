"""Handovers, what stands around them, and other ways of asking others."""

from omzien.handovers.models.along import Consult, Involvement, Referral
from omzien.handovers.models.handovers import Handover, HandoverQuerySet
from omzien.handovers.models.links import HandoverLink
from omzien.handovers.models.meetings import Meeting
from omzien.handovers.models.preparing import OfferDraft, Room
from omzien.handovers.models.waiting import Wait

__all__ = [
    "Consult",
    "Handover",
    "HandoverLink",
    "HandoverQuerySet",
    "Involvement",
    "Meeting",
    "OfferDraft",
    "Referral",
    "Room",
    "Wait",
]
