"""Own API, HSDS and the UK profile: one file per resource."""
