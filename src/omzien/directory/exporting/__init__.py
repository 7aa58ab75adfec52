"""Entries out of the directory, in open forms. Reads only; each form can come in again."""
