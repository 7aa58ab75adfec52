"""Pages of the own network, the plan, measuring and who cares for somebody."""
