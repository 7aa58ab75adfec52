"""Warm handover: a question goes to another team, and is theirs only after the first contact."""
