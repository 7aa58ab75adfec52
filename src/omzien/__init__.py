"""Omzien: a strong local social base."""

__version__ = "0.1.0"
