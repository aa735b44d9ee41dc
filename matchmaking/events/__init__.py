"""What matchmaking says and hears on the wire, as typed structs."""
