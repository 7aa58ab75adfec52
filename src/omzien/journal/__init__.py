"""Append-only facts, and the wall between municipalities in the database."""
