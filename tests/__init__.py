"""The suites; they mirror the tree."""
