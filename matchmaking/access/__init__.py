"""Who may see and do what in matchmaking: the only door for ids from outside."""
