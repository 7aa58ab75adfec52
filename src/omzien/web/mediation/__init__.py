"""Pages of neighbour mediation: for who reports, for both neighbours, and for who mediates."""
