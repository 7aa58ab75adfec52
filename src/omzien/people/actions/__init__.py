"""The only writers of people, organisations, teams, memberships and reviews."""
