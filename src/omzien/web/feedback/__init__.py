"""Opinions about pages."""
