"""Asking a question and reading the answer."""
