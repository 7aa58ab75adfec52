"""Reads of the directory that span models, as frozen values."""
