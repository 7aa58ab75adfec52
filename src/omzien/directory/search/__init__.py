"""Search in the social map: an index in memory per municipality. Pure Python, no Django."""
