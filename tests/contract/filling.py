"""``python -m tests.contract.filling``: writes of a process that serves nobody.

It takes calls as JSON lines, ``[name, …]``, and answers each with a line. No hub hears of what it
writes: the processes that serve find it with their tick.
"""

import json
import os
import sys
from typing import Any

import django


def messages(topic: str, author: int, number: int) -> None:
    """Post so many messages to a channel."""
    from chat.events import PostMessage
    from live.performing import make_job, run_jobs

    for start in range(0, number, 64):
        jobs = []
        for place in range(start, min(start + 64, number)):
            data = PostMessage(text=f"number {place}")
            job = make_job(actor_id=author, cmd="message.post", topic=topic, data=data, key=None)
            assert job.command.prepare is not None
            job.data = job.command.prepare(data)
            jobs.append(job)
        run_jobs(jobs)
        assert [job.refusal for job in jobs] == [None] * len(jobs)


def channels(owner: int, number: int) -> list[str]:
    """Open so many public channels; their topics."""
    from chat.actions.channels import create_channel
    from live.units import unit
    from members.models import Member

    actor = Member.objects.get(pk=owner)
    with unit():
        made = [
            create_channel(actor=actor, name=f"Room {place}", purpose="", is_public=True)
            for place in range(number)
        ]
    return [str(written.topic) for written in made]


def remove(topic: str, owner: int, member: int) -> None:
    """Remove somebody from a channel."""
    from chat.events import NameMember
    from live.performing import perform
    from members.models import Member

    actor = Member.objects.get(pk=owner)
    perform(actor=actor, cmd="member.remove", topic=topic, data=NameMember(member=member))


def grant(member: int, *roles: str) -> None:
    """Give somebody roles of the site."""
    from members.models import Member

    Member.objects.filter(pk=member).update(**dict.fromkeys(roles, True))


def password(member: int) -> None:
    """Change somebody's password."""
    from members.actions import change_password
    from members.models import Member

    change_password(member=Member.objects.get(pk=member), password="another-harbour-31")


def token(member: int, *scopes: str) -> str:
    """Another token of somebody, for everything unless scopes are named."""
    from live.credentials import create_token
    from members.models import Member

    owner = Member.objects.get(pk=member)
    return create_token(member=owner, name="another", scopes=scopes or ("read", "write"))


def revoke(token: str) -> None:
    """Revoke a token."""
    from live.credentials import find_token, revoke_token

    row = find_token(token)
    assert row is not None
    revoke_token(row)


def erase(topic: str, seq: int) -> None:
    """Delete a message's row, as an erasure would."""
    from chat.models import Message

    Message.objects.filter(channel_id=int(topic.partition(":")[2]), seq=seq).delete()


def main() -> None:
    """Answer calls until there are no more."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server.settings")
    django.setup()
    known = (messages, channels, remove, grant, password, token, revoke, erase)
    by_name = {function.__name__: function for function in known}
    for line in sys.stdin:
        name, *arguments = json.loads(line)
        answer: Any = by_name[name](*arguments)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
