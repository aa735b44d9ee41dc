"""Channels in which members talk in real time: messages, reactions, replies, read markers.

Owns channels, memberships and messages; every change is an event of ``chat:<id>``, and what
concerns one member alone (being let in, a moved read marker) an event of ``member:<id>``.
Relies on ``members`` for people and on ``live`` for the log.
"""
