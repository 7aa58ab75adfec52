"""The pages on which the functional manager sets what a municipality may choose itself."""
