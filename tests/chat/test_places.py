"""One's own order, roles, slow mode, links, all unread on a page, the export."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from base.clock import now
from base.errors import NotFound, Refusal
from chat.events import CreateChannel, DescribeChannel, NameMember, Nothing, PostMessage
from chat.events.keeping import ArchiveChannel, ChangeRole, EnterByLink, MakeLink, RevokeLink
from chat.events.messages import ForwardMessage
from chat.events.places import DropSection, PlaceChannel, SaveSection
from chat.events.reading import ReadChannel
from chat.models import Channel, InviteLink, Membership
from chat.queries import channel_rows, listed_channels
from chat.queries.channels import list_groups
from chat.queries.places import places_of, sections_of
from chat.queries.threads import unread_in_threads, unread_threads
from chat.queries.unread import unread_channels, waiting_by_member
from live.models import Event
from live.registry import reach_of
from members.events import RoleEnd, RoleGrant
from members.models import Member, SiteSettings
from tests import factories
from tests.chat.conftest import do
from tests.chat.reading import kept_up, log, position, snapshot

pytestmark = pytest.mark.django_db


def opened(owner: Member, *others: Member, name: str = "R", **options: Any) -> str:
    data = CreateChannel(name=name, **({"is_public": False} | options))
    topic = str(do(owner, "channel.create", "", data)["topic"])
    for other in others:
        do(owner, "member.add", topic, NameMember(member=other.pk))
    return topic


def refused(actor: Member, cmd: str, topic: str, data: Any) -> Refusal:
    before = Event.objects.count()
    with pytest.raises(Refusal) as refusal:
        do(actor, cmd, topic, data)
    assert Event.objects.count() == before
    return refusal.value


def test_own_order_is_kept_up_and_goes_with_the_membership() -> None:
    owner, anna = factories.member(), factories.member()
    topic, own = opened(owner, anna), f"member:{anna.pk}"
    copies = [(position(own), snapshot(anna, own))]
    first = do(anna, "section.save", own, SaveSection(name="Later"))["id"]
    second = do(anna, "section.save", own, SaveSection(name="Now", position=0))["id"]
    steps: list[tuple[Member, str, str, Any]] = [
        (anna, "section.save", own, SaveSection(id=second, name="Now", position=0)),
        (anna, "channel.place", topic, PlaceChannel(section=first, is_favourite=True)),
        (anna, "channel.place", topic, PlaceChannel(level="nothing", is_favourite=False)),
        (anna, "section.drop", own, DropSection(id=first)),
        (owner, "member.remove", topic, NameMember(member=anna.pk)),
        (owner, "member.add", topic, NameMember(member=anna.pk)),
        (anna, "channel.place", topic, PlaceChannel(is_muted=True)),
    ]
    for actor, cmd, where, data in steps:
        do(actor, cmd, where, data)
        copies.append((position(own), snapshot(anna, own)))
    for seq, state in copies:
        assert kept_up(state, own, log(own, seq)) == copies[-1][1]
    assert [section.name for section in sections_of(anna)] == ["Now"]
    assert places_of(anna)[topic]["is_muted"] is True
    assert refused(anna, "channel.place", topic, PlaceChannel(level="loud")).code == "invalid"
    assert refused(anna, "channel.place", topic, PlaceChannel(section=first)).code == "not_found"


def test_list_has_favourites_then_sections_then_the_rest_muted_last() -> None:
    anna = factories.member()
    topics = [opened(anna, name=name) for name in ("A", "B", "C", "D")]
    own = f"member:{anna.pk}"
    made = do(anna, "section.save", own, SaveSection(name="Mine"))["id"]
    do(anna, "channel.place", topics[3], PlaceChannel(is_favourite=True))
    do(anna, "channel.place", topics[2], PlaceChannel(section=made))
    do(anna, "channel.place", topics[0], PlaceChannel(is_muted=True))
    rows = channel_rows(anna, list(listed_channels(anna)))
    groups = list_groups(rows, sections_of(anna))
    assert [(group.label, [row["name"] for row in group.rows]) for group in groups] == [
        ("Favourites", ["D"]), ("Mine", ["C"]), ("Rooms", ["B", "A"])
    ]  # fmt: skip


def test_last_owner_stays_one_and_a_reader_only_reads() -> None:
    owner, anna = factories.member(), factories.member()
    topic = opened(owner, anna)
    demote = ChangeRole(member=owner.pk, role="member")
    assert refused(owner, "member.role", topic, demote).code == "chat.last_owner"
    do(owner, "member.role", topic, ChangeRole(member=anna.pk, role="reader"))
    assert refused(anna, "message.post", topic, PostMessage(text="x")).code == "forbidden"
    assert "channel.read" in reach_of(anna, topic).can
    do(owner, "member.role", topic, ChangeRole(member=anna.pk, role="owner"))
    do(owner, "member.role", topic, demote)
    assert [event for event, _ in log(topic)][-3:] == ["member.role_changed"] * 3
    unknown = ChangeRole(member=owner.pk, role="out")
    assert refused(anna, "member.role", topic, unknown).code == "invalid"


def test_slow_mode_says_how_long_to_wait_and_spares_moderators() -> None:
    owner, anna = factories.member(), factories.member()
    topic = opened(owner, anna)
    do(owner, "channel.edit", topic, DescribeChannel(name="R", slow_mode_s=60))
    do(anna, "message.post", topic, PostMessage(text="One"))
    refusal = refused(anna, "message.post", topic, PostMessage(text="Two"))
    assert (refusal.code, 50 < (refusal.retry_after_s or 0) <= 61) == ("chat.slow_mode", True)
    do(owner, "message.post", topic, PostMessage(text="a"))
    do(owner, "message.post", topic, PostMessage(text="b"))
    Membership.objects.filter(member=anna).update(posted_at=now() - timedelta(seconds=61))
    do(anna, "message.post", topic, PostMessage(text="Two"))
    wrong = DescribeChannel(name="R", slow_mode_s=3601)
    assert refused(owner, "channel.edit", topic, wrong).code == "invalid"


def test_archived_room_is_read_and_opened_again() -> None:
    owner, anna = factories.member(), factories.member()
    topic = opened(owner, anna)
    do(owner, "channel.archive", topic, ArchiveChannel())
    assert refused(anna, "message.post", topic, PostMessage(text="x")).code == "forbidden"
    do(owner, "channel.archive", topic, ArchiveChannel(on=False))
    do(anna, "message.post", topic, PostMessage(text="x"))


def test_link_lets_in_until_it_expires_or_is_revoked() -> None:
    owner, *others = (factories.member() for _ in range(5))
    topic = opened(owner)
    link = InviteLink.objects.get(pk=do(owner, "link.make", topic, MakeLink(role="reader"))["id"])
    do(others[0], "channel.enter", "", EnterByLink(token=link.token))
    do(others[0], "channel.enter", "", EnterByLink(token=link.token))
    link.refresh_from_db()
    assert (link.uses, Membership.objects.get(member=others[0]).role) == (1, "reader")
    do(owner, "member.remove", topic, NameMember(member=others[0].pk))
    enter = EnterByLink(token=link.token)
    assert refused(others[0], "channel.enter", "", enter).code == "not_found"
    InviteLink.objects.update(expires_at=now())
    assert refused(others[1], "channel.enter", "", enter).code == "not_found"
    InviteLink.objects.update(expires_at=now() + timedelta(days=1))
    do(owner, "link.revoke", topic, RevokeLink(id=link.pk))
    assert refused(others[1], "channel.enter", "", enter).code == "not_found"
    wrong = [MakeLink(role="owner"), MakeLink(days=0), MakeLink(days=91)]
    assert [refused(owner, "link.make", topic, each).code for each in wrong] == ["invalid"] * 3


def test_room_of_an_organisation_is_open_to_its_people_alone() -> None:
    house = factories.organisation()
    chief = factories.member(organisation=house)
    from members.models import Appointment

    data = CreateChannel(name="Ours", is_public=False, organisation=house.pk)
    assert refused(chief, "channel.create", "", data).code == "forbidden"
    Appointment.objects.create(
        member=chief, organisation=house, role="representative", granted_at=now()
    )
    topic = str(do(chief, "channel.create", "", data)["topic"])
    worker, reader = factories.member(), factories.member()
    for person in (worker, reader):
        Appointment.objects.create(
            member=person, organisation=house, role="editor", granted_at=now()
        )
    # Anybody can type the name of an organisation into a profile.
    stranger = factories.member(organisation=house)
    assert reach_of(worker, topic).can == ("channel.join",)
    assert refused(stranger, "channel.join", topic, Nothing()).code == "not_found"
    do(worker, "channel.join", topic, Nothing())
    found = [row["organisation"].name for row in channel_rows(worker, [Channel.objects.get()])]
    assert (Membership.objects.get(member=worker).role, found) == ("member", [house.name])

    before = len(log(topic))
    for person in (worker, reader):
        do(
            chief,
            "role.end",
            f"member:{chief.pk}",
            RoleEnd(organisation=house.pk, member=person.pk),
        )
        with pytest.raises(NotFound):
            reach_of(person, topic)
    assert [name for name, _ in log(topic)][before:] == ["member.removed", "channel.changed"]
    ended = Event.objects.filter(topic__name=topic).order_by("seq")[before:]
    assert [row.access for row in ended] == [{"out": [worker.pk]}, {"check": [reader.pk]}]


def test_rooms_that_a_role_s_end_closed_are_open_again_with_the_next() -> None:
    house, chief, worker = factories.organisation(), factories.member(), factories.member()
    from members.models import Appointment

    for person, role in ((chief, "representative"), (worker, "editor")):
        Appointment.objects.create(member=person, organisation=house, role=role, granted_at=now())
    data = [CreateChannel(name=n, is_public=False, organisation=house.pk) for n in "ABC"]
    topics = [str(do(chief, "channel.create", "", each)["topic"]) for each in data]
    for topic in topics[:2]:
        do(worker, "channel.join", topic, Nothing())
    do(worker, "channel.place", topics[0], PlaceChannel(level="all"))
    do(chief, "member.remove", topics[1], NameMember(member=worker.pk))
    own = f"member:{chief.pk}"
    do(chief, "role.end", own, RoleEnd(organisation=house.pk, member=worker.pk))
    do(chief, "message.post", topics[0], PostMessage(text="Meanwhile"))

    def names(page: str) -> list[bool]:
        return [f'href="/chat/{topic.partition(":")[2]}/"' in page for topic in topics]

    client = Client()
    client.force_login(worker)
    address = f"/organisations/{house.pk}/"
    assert names(client.get(address).content.decode()) == [False] * 3
    grant = RoleGrant(organisation=house.pk, member=worker.pk, role="editor")
    before = [len(log(topic)) for topic in topics]
    do(chief, "role.grant", own, grant)
    found = Membership.objects.inside().get(member=worker)
    assert (found.channel.topic, found.role, found.level) == (topics[0], "member", "all")
    assert (found.since, found.ended_with_role) == (before[0] + 1, False)
    assert [len(log(t)) - n for t, n in zip(topics, before, strict=True)] == [1, 0, 0]
    # Whom a moderator removed stays out; the third room is open to read and join.
    assert names(client.get(address).content.decode()) == [True, False, True]
    assert names(Client().get(address).content.decode()) == [False] * 3


def test_all_unread_stands_on_one_page_newest_first_and_is_marked_read(site: SiteSettings) -> None:
    owner, anna = factories.member(), factories.member()
    topics = [opened(owner, anna, name=name) for name in ("First", "Second", "Muted")]
    for topic in (topics[1], *[topics[0]] * 7, topics[2]):
        do(owner, "message.post", topic, PostMessage(text="Tere"))
    do(anna, "channel.place", topics[2], PlaceChannel(is_muted=True))
    found = unread_channels(anna, limit=10)
    assert [(p.channel["name"], p.channel["unread"], len(p.messages)) for p in found] == [
        ("First", 7, 5), ("Second", 1, 1), ("Muted", 1, 1)
    ]  # fmt: skip
    assert waiting_by_member([anna.pk]) == {anna.pk: {"unread": 8, "mentions": {}}}
    client = Client()
    client.force_login(anna)
    page = client.get("/chat/unread/")
    assert page.content.decode().count('class="card stack-tight"') == 7
    seqs = {f"seq-{p.channel['id']}": p.channel["seq"] for p in found}
    assert client.post("/chat/unread/read/", seqs).status_code == 302
    assert unread_channels(anna, limit=10) == []
    assert [name for name, _ in log(f"member:{anna.pk}")][-3:] == ["channel.read"] * 3


def test_threads_with_unread_replies_stand_below_the_rooms(site: SiteSettings) -> None:
    owner, anna = factories.member(name="Olga"), factories.member()
    topic, elsewhere = opened(owner, anna), opened(owner, anna, name="Elsewhere")
    roots = []
    for text in ("Who comes?", "Quiet", "Not mine"):
        root = do(owner, "message.post", topic, PostMessage(text=text))["id"]
        roots.append(root)
        if text != "Not mine":
            do(anna, "message.post", topic, PostMessage(text="I", thread=root))
    data = ForwardMessage(channel=int(topic[5:]), id=roots[0])
    do(owner, "message.forward", elsewhere, data)
    do(anna, "channel.read", topic, ReadChannel(seq=10**6))
    for root in (roots[0], roots[0], roots[2]):
        do(owner, "message.post", topic, PostMessage(text="Me too", thread=root))
    (found,) = unread_threads(anna, limit=10)
    assert (found.topic, found.excerpt, found.unread) == (f"{topic}/{roots[0]}", "Who comes?", 2)
    assert unread_in_threads([anna.pk]) == {anna.pk: {found.topic: 2}}
    client = Client()
    client.force_login(anna)
    page = client.get("/chat/unread/").content.decode()
    address = f"/chat/{topic[5:]}/t/{roots[0]}/"
    assert page.count(f'data-topic="{found.topic}"') == 1
    assert f'<a href="{address}">Olga: Who comes?</a>' in page
    # What is passed on stands there as well, not an empty message.
    assert '<blockquote class="message-text" data-slot="forward-text"><p>Who comes?</p>' in page
    answer = client.post(f"{address}read/", {"unread": "1"})
    assert (answer.headers["Location"], unread_threads(anna, limit=10)) == ("/chat/unread/", [])


def test_export_has_every_message_in_both_forms(site: SiteSettings) -> None:
    owner = factories.member(name="Olga")
    topic = opened(owner, name="Русский")
    said = [
        do(owner, "message.post", topic, PostMessage(text=f"**Nr** {number}"))["id"]
        for number in range(2)
    ]
    do(owner, "message.post", topic, PostMessage(text="**Nr** 2", thread=said[0]))
    client = Client()
    client.force_login(owner)
    address = f"/chat/{topic[5:]}/export/"
    whole = json.loads(client.get(f"{address}?as=json").getvalue())
    assert [row["text"] for row in whole["messages"]] == ["**Nr** 0", "**Nr** 1", "**Nr** 2"]
    text = client.get(address).getvalue().decode()
    assert [text.startswith("# Русский\n"), text.count("**Olga**"), text.count("**Nr**")] == [
        True, 3, 3
    ]  # fmt: skip
    # What stands in a thread says in which.
    assert text.count("> ↳ Nr 0\n\n**Nr** 2") == text.count("↳") == 1


def test_forms_of_a_press_come_back_with_what_was_refused(site: SiteSettings) -> None:
    owner, anna = factories.member(), factories.member()
    topic = opened(owner, anna)
    said = do(owner, "message.post", topic, PostMessage(text="Hei"))["id"]
    client, room = Client(), f"/chat/{topic[5:]}/"
    client.force_login(owner)
    before = Event.objects.count()
    for address, body, back, why in (
        ("leave/", {}, f"{room}members/", "You are the only owner."),
        (f"m/{said}/react/", {"on": "no emoji"}, f"{room}m/{said}/edit/", "Choose one emoji."),
    ):
        answer = client.post(f"{room}{address}", body, follow=True)
        assert (answer.redirect_chain, Event.objects.count()) == ([(back, 302)], before)
        assert why in answer.content.decode()


def test_settings_of_a_room_notice_what_another_owner_changed(site: SiteSettings) -> None:
    owner = factories.member()
    topic = opened(owner, name="Before")
    client, address = Client(), f"/chat/{topic[5:]}/edit/"
    client.force_login(owner)
    seen = client.get(address).context["form"]["seen"].value()
    do(owner, "channel.edit", topic, DescribeChannel(name="Meanwhile", purpose="P", slow_mode_s=60))
    typed = {"name": "Before", "purpose": "Mine", "slow_mode_s": "0", "seen": seen}
    refused = client.post(address, typed)
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["__all__"])
    assert Channel.objects.get(pk=topic[5:]).name == "Meanwhile"
    again = typed | {"seen": refused.context["form"]["seen"].value()}
    assert client.post(address, again).status_code == 302
    now_so = Channel.objects.values_list("name", "purpose", "slow_mode_s").get(pk=topic[5:])
    assert now_so == ("Before", "Mine", 0)


@pytest.mark.parametrize(("is_public", "says"), [(True, "join again"), (False, "lets you in")])
def test_leaving_says_whether_one_can_come_back(
    site: SiteSettings, is_public: bool, says: str
) -> None:
    owner, anna = factories.member(), factories.member()
    number = int(opened(owner, anna, is_public=True)[5:])
    Channel.objects.filter(pk=number).update(is_public=is_public)
    client, address = Client(), f"/chat/{number}/leave/"
    client.force_login(anna)
    assert says in client.get(address).content.decode()
    assert Membership.objects.inside().filter(channel=number, member=anna).exists()
    assert client.post(address).headers["Location"] == "/chat/"
    # Whoever is out already has nothing to leave.
    answer = client.get(address)
    assert answer.status_code == (302 if is_public else 404)
