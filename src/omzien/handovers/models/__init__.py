"""Handovers."""

from omzien.handovers.models.handovers import Handover, HandoverQuerySet

__all__ = ["Handover", "HandoverQuerySet"]
