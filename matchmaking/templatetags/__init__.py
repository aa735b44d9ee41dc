"""Template tags of matchmaking."""
