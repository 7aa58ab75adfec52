"""Our own API, after the Dutch API Design Rules: areas, an answer, an opinion."""
