"""Help questions: intake, one owner at every moment, the ladder tried, and what came of it."""
