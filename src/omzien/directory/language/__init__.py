"""Understanding a question: words, language, topics and crisis. Pure Python, no Django."""
