"""Indicators computed from facts, with versioned definitions."""
