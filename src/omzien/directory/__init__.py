"""The social map: providers, services, places, activities; search; freshness."""
