"""Writes of matchmaking; each belongs inside a unit."""
