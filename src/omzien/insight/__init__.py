"""Coverage of the five building blocks and the formal-to-informal shift; reads only."""
