"""One entry of the social map, the shortlist, and saying that something is wrong."""
