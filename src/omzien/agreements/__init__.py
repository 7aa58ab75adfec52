"""Cooperation, commission, sub-assignments, multi-year agreements, budgets."""
