"""The `omzien` command."""
