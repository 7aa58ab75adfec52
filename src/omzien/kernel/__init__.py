"""Pure Python without Django: ladder, recurrence, geo, plain text."""
