"""Pages on which somebody works on a question."""
