"""Pages about the site itself: about, privacy, accessibility, open data, embedding, errors."""
