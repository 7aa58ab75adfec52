"""The routes of a municipality: which team gets which question."""
