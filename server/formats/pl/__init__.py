"""Polish as it is written today."""
