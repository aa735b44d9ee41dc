"""The chat's plain forms; the rules are the actions'."""
