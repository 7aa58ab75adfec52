"""HSDS 3.1 (docs.openreferral.org) and the profile HSDS-UK 3.0: one file per resource."""
