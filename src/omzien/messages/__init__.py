"""Mail, notices and digests: one row per event, recipient and channel."""
