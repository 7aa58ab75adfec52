"""Pages about privacy: the register, one's own data, what is erased when."""
