"""Template filters of the members app."""
