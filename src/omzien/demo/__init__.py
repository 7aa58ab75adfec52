"""Builds the demonstration municipalities through the same actions a person uses."""
