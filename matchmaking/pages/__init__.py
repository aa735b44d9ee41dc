"""Pages of matchmaking."""
