"""The only writers of this app: one transaction, one lock, one fact, its messages."""
