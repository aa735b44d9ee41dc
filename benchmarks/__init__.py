"""Load and speed, measured beside peers; results in RESULTS.md."""
