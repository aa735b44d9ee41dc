"""Pages of the members app: the directory, one's own settings, the staff's desk, arrival."""
