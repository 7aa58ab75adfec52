"""What may happen with a case, who may mediate in it, and how long each step may take."""
