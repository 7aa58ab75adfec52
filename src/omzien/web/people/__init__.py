"""Who works here: roles, teams, organisations, absence and the access review."""
