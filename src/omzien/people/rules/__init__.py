"""Pure rules of people: no Django here."""
