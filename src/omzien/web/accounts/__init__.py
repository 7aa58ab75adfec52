"""Signing in and out of people who work with Omzien. Residents need no account."""
