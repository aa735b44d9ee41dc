"""Judges from outside: programs that know the protocol and nothing of this code."""
