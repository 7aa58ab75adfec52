"""Open data: the own API (v1), HSDS and its UK profile (hsds), and what they share."""
