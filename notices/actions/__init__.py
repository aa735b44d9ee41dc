"""Writes of notifications, by noun."""
