"""Pure calculations of matchmaking outside the engine."""
