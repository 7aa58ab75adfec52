"""Who may do what. Pure functions and one readable table; no Django."""
