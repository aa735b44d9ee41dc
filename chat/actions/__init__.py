"""Writes of the chat. Each runs inside a unit, under the lock of the channel's topic."""
