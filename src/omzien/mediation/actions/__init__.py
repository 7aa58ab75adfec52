"""The only writers of neighbour mediation: each one step, in one transaction."""
