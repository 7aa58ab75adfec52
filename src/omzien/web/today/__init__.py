"""Which hat somebody wears, and what needs them today."""
