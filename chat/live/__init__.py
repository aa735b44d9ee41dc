"""The socket's door to the chat: the topic ``chat:<id>``, its commands, its unread counts."""

from chat.live import (
    channels,
    keeping,
    languages,
    messages,
    places,
    previews,
    reading,
    threads,
    topic,
    unsent,
)


def register() -> None:
    """Tell the live core of channels and their commands, members' topics of what chat says."""
    topic.register()
    messages.register()
    channels.register()
    keeping.register()
    languages.register()
    places.register()
    previews.register()
    reading.register()
    threads.register()
    unsent.register()
