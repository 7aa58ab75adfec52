"""Help questions: intake, own network, plan, ladder advice, ownership, outcome."""
