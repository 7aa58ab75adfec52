"""The warm handover between organisations."""
