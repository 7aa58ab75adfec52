"""Settings, URLs, the database server and the WSGI entry point."""
