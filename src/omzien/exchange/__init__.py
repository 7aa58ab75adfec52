"""The Beursvloer: help traded without money."""
