"""The resident's own pages: my questions, my conversation, who speaks for me."""
