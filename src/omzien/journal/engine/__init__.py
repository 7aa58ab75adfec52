"""Django's engine for PostgreSQL, with savepoints that cost less."""
