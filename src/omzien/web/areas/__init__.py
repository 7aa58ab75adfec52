"""Villages: what is there, what is on, and the figures."""
