"""The editors' queue: reports with a clock, proposed changes, entries that nobody keeps."""
