"""REST of matchmaking."""
