"""The directory in the words of Open Referral HSDS 3.1 (docs.openreferral.org)."""
