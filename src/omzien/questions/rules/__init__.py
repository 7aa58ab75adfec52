"""Pure rules: no Django, and today is an argument."""
