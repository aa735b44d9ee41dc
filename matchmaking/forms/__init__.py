"""HTML forms of matchmaking."""
