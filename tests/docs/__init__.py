"""The documents say what the code does: settings, codes, commands, events, metrics, links."""
