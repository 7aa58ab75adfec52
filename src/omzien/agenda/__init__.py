"""The local agenda of an area, page feedback and news."""
