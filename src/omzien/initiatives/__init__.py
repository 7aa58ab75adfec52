"""Residents' initiatives: idea, application, assessment."""
