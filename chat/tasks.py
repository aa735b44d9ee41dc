"""Background work of the chat: what is due is said, pages that messages link to are fetched."""

from collections.abc import Collection, Sequence
from datetime import timedelta

from django.conf import settings
from django_tasks import TaskResultStatus, task

from base.clock import now
from chat.actions.copies import forget_copies, make_copy
from chat.actions.invitations import invite_quietly
from chat.actions.people import retell_people, tell_lists
from chat.actions.previews import plan_previews
from chat.actions.unsent import AT_ONCE, send_scheduled
from chat.models import Channel, RoomCopy
from chat.previewing import fetch_preview
from chat.queries.unsent import due_messages
from jobs.following import Change, following
from jobs.models import Job
from jobs.periodic import periodic
from jobs.retrying import retrying
from members.models import Member

RETOLD_AFTER = timedelta(seconds=1)


def _is_due() -> bool:
    return due_messages(now()).exists()


@periodic(
    name="chat.send_scheduled",
    every=timedelta(seconds=5),
    lease=timedelta(minutes=5),
    needed=_is_due,
)
def send_due_messages() -> None:
    """Say what is due, at most 200 messages at a time."""
    for row in due_messages(now()).select_related("member__organisation")[:AT_ONCE]:
        send_scheduled(row)


@task(priority=-10)
def fetch_page(preview_id: int) -> None:
    """Fetch the page of a link that a message shows; others' work goes first."""
    fetch_preview(preview_id)


@task()
@retrying(attempts=5, first_delay=timedelta(seconds=10))
def write_copy(copy_id: int) -> None:
    """Write a room into a file; a copy that is forgotten by now is no loss."""
    row = RoomCopy.objects.select_related("channel").filter(pk=copy_id).first()
    if row is not None:
        make_copy(row=row)


@task()
def invite_member(actor_id: int, channel_id: int, member_id: int) -> None:
    """Invite a member, or nobody where there is none with this number: who asks hears the same."""
    actor = Member.objects.filter(pk=actor_id, is_active=True).first()
    channel = Channel.objects.filter(pk=channel_id).first()
    if actor is not None and channel is not None:
        invite_quietly(actor=actor, channel=channel, member_id=member_id)


@task()
@retrying(attempts=5, first_delay=timedelta(seconds=10))
def retell(member_ids: list[int]) -> None:
    """Say in rooms what these members are called now; of several changes in a row once."""
    same = {"args": [member_ids], "kwargs": {}}
    if not Job.queue.filter(
        status=TaskResultStatus.READY, task_path=retell.module_path, args_kwargs=same
    ).exists():
        retell_people(member_ids)


def retell_later(member_ids: Collection[int]) -> None:
    """Have rooms told of these members, a moment after the write."""
    retell.using(run_after=now() + RETOLD_AFTER).enqueue(list(member_ids))


@task()
@retrying(attempts=5, first_delay=timedelta(seconds=10))
def relist(channel_ids: list[int]) -> None:
    """Say to whoever is in these channels what they are called now."""
    tell_lists(channel_ids)


def relist_later(channel_ids: Collection[int]) -> None:
    """Have the lists of whoever is in these channels say so, after the write."""
    relist.enqueue(list(channel_ids))


@periodic(name="chat.forget_copies", every=timedelta(hours=6))
def forget() -> None:
    """Delete copies of rooms whose time is over."""
    forget_copies()


@following(
    name="chat.previews",
    kinds=["chat"],
    events=["message.posted", "message.edited", "message.deleted"],
    from_now=True,
)
def plan(changes: Sequence[Change]) -> None:
    """See which pages messages link to now."""
    if settings.LINK_PREVIEWS:
        subjects = {each.subject for each in changes if each.subject is not None}
        for preview_id in plan_previews(subjects):
            fetch_page.enqueue(preview_id)
