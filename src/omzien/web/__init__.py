"""Pages: one package per subject."""
