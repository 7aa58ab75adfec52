"""Asking a person for help: three steps for a resident, one page for who works here."""
