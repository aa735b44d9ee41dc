"""The socket's door to matchmaking."""
