"""Buurtbemiddeling: two parties, two files, two mediators."""
