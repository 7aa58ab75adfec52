"""Reads on people: which hats somebody has, and which connector an area has."""
