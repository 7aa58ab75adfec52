"""Components, tokens, template tags and the style guide; knows no domain."""
