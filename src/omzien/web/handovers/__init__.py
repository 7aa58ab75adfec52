"""Pages of handovers: offering, answering, what a resident shares, and asking others along."""
