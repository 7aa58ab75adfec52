"""Volunteers, tasks, matching and hours."""
