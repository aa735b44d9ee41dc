"""The real-time core: the wire protocol, topics, the event log, the hub, presence, limits.

Owns the log (one counter per topic), idempotency keys, access tokens and every socket. Relies
on ``base`` alone and knows people only as ``settings.AUTH_USER_MODEL``; the parts above fill
its registry with their topics and commands. ``docs/protocol.md`` is what it promises.
"""
