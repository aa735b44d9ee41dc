"""A site with one of everything, then with two more: each :meth:`World.grow` adds one again.

What grows is seen by two: ``owner``, who may do all that one can, and ``member``, who is in the
same rooms and organisations. An app that adds rows adds a function to ``GROWTH``.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.core.files.base import ContentFile

from base.clock import now
from base.ids import new_key
from chat.actions.copies import ask_for_copy, make_copy
from chat.events import CreateChannel, EditMessage, NameMember, PostMessage, React
from chat.events.keeping import MakeLink
from chat.events.marks import BookmarkMessage
from chat.events.messages import ForwardMessage, PinMessage
from chat.events.places import SaveSection
from chat.events.unsent import SaveDraft, ScheduleMessage
from chat.models import InviteLink, Message, Preview, RoomCopy, Scheduled, Section
from chat.notices import drafts
from chat.queries.audience import concerned
from chat.vocabulary import CopyForm
from files.actions import announce_file, take_file
from files.models import File
from front.actions import Entry, publish_result, write_text
from front.models import Partner
from front.vocabulary import ResultKind, TextKind
from live.credentials import create_token
from live.performing import perform
from matchmaking.events.consortia import ProposeConsortium
from matchmaking.events.groups import BeginGroup, SaveTask
from matchmaking.events.requests import AnswerRequest, PostRequest
from matchmaking.events.rounds import ChangePresence, NextRound, PlanMeeting
from matchmaking.models import Consortium, ConsortiumSeat, Introduction, Suggestion
from matchmaking.queries.fitting import current_requests
from matchmaking.queries.market import current_market
from members.actions import invite
from members.actions.details import change_picture
from members.actions.leaving import ask_for_export, make_export
from members.actions.portfolio import invite_into_portfolio
from members.actions.security import note
from members.events import OrganisationChange, ProfileChange, ProfileLink
from members.links import Restore, portfolio_token, restore_token
from members.models import Export, Invitation, Member, Organisation, PortfolioInvitation, Profile
from members.pictures import draw_picture
from members.portfolio_csv import Invited
from members.vocabulary import SecurityKind
from moderation.events import BlockMember, ReportContent
from moderation.models import Report
from notices.actions.telling import tell
from notices.letters import Unsubscription, sign
from notices.models import Subscription
from notices.vocabulary import Way
from server.demo.front import fill_results
from tests import factories
from tests.files.pictures import picture
from tests.matchmaking.requesting import match
from tests.search.conftest import index

LANGUAGES = ("en", "de", "et", "pl")


@dataclass
class World:
    """The site.

    Attributes:
        names: What addresses hold in their braces: ids and tokens of what the first step made.
        size: How often it grew.
    """

    owner: Member
    member: Member
    business: Organisation
    incubator: Organisation
    channel: int
    names: dict[str, Any] = field(default_factory=dict)
    size: int = 0
    newest: Member | None = None

    def grow(self) -> None:
        """Add one more of everything."""
        self.size += 1
        self.newest = factories.member(name=f"Person {self.size}", organisation=f"S {self.size}")
        for add in GROWTH:
            add(self)

    def say(self, actor: Member, cmd: str, topic: str, data: Any) -> int:
        """One write; the id of what it made."""
        return int(perform(actor=actor, cmd=cmd, topic=topic, data=data).get("id", 0))

    def own(self, actor: Member, cmd: str, data: Any) -> int:
        """One write on the actor's own topic."""
        return self.say(actor, cmd, f"member:{actor.pk}", data)

    def keep(self, **names: Any) -> None:
        """Remember what addresses name; the first of each kind stays."""
        self.names = names | self.names


def new_world() -> World:
    """A site with its two people, their organisations and their room."""
    business = factories.organisation(name="Loom", kind="business")
    incubator = factories.organisation(name="Hub", kind="incubator")
    owner = factories.member(
        name="Olga Owner",
        organisation=incubator,
        is_staff=True,
        is_moderator=True,
        is_organiser=True,
    )
    member = factories.member(name="Mirja Member", organisation=business)
    for reader in (owner, member):
        EmailAddress.objects.create(user=reader, email=reader.email, verified=True, primary=True)
    for organisation in (business, incubator):
        factories.appointment(member=owner, organisation=organisation)
        factories.appointment(member=member, organisation=organisation, role="editor")
    world = World(owner, member, business, incubator, 0)
    data = CreateChannel(name="The room", is_public=False)
    world.channel = world.say(owner, "channel.create", "", data)
    world.say(owner, "member.add", f"chat:{world.channel}", NameMember(member=member.pk))
    world.keep(
        owner=owner.pk,
        me=member.pk,
        business=business.pk,
        incubator=incubator.pk,
        channel=world.channel,
    )
    return world


def _people(world: World) -> None:
    """Somebody with a full page; somebody who waits, and somebody who is suspended."""
    person = world.newest
    assert person is not None
    change = ProfileChange(
        languages=["et", "de"], levels={"et": "native"}, sectors=["MUS.live"], about="Here"
    )
    world.own(person, "profile.change", change)
    for reader in (world.owner, world.member):
        spoken = ProfileChange(
            languages=list(LANGUAGES[: world.size]),
            links=[ProfileLink(url=f"https://{n}.example/") for n in range(world.size)],
        )
        world.own(reader, "profile.change", spoken)
    change_picture(actor=person, sent=draw_picture(ContentFile(picture(), name="me.jpg")))
    waiting = factories.member(is_active=False, is_approved=False)
    EmailAddress.objects.create(user=waiting, email=waiting.email, verified=True, primary=True)
    suspended = factories.member(is_active=False)
    digest = Profile.objects.get(member=person).picture
    world.keep(person=person.pk, digest=digest, waiting=waiting.pk, suspended=suspended.pk)


def _accounts(world: World) -> None:
    """Sessions, tokens, keys, activity, copies of what is one's own."""
    for reader in (world.owner, world.member):
        session = SessionStore()
        session.create()
        UserSession.objects.create(
            user=reader, session_key=session.session_key, ip="127.0.0.1", user_agent="Firefox/1"
        )
        create_token(member=reader, name=f"Program {world.size}")
        note(member=reader, kind=SecurityKind.TOKEN_MADE)
        Authenticator.objects.create(
            user=reader,
            type=Authenticator.Type.WEBAUTHN,
            data={"name": f"Key {world.size}", "credential": {}},
        )
        export = Export.objects.filter(member=reader).last() or ask_for_export(actor=reader)
        if export.made_at is None:
            make_export(export=export)
        else:
            export.pk, export.key, export._state.adding = None, new_key(), True
            export.save()
    made = Export.objects.filter(member=world.owner).order_by("pk").first()
    assert made is not None
    world.keep(
        export=made.pk,
        restore=restore_token(Restore(world.owner.pk, "old@example.org", _change(world.owner))),
    )


def _change(member: Member) -> int:
    """A change of the member's address that was not taken back: its security event."""
    return note(member=member, kind=SecurityKind.EMAIL_CHANGED).pk


def _organisations(world: World) -> None:
    """Full pages, roles held and asked for, accompaniments of both kinds, acts, invitations."""
    person, number = world.newest, world.size
    assert person is not None
    house = person.organisation
    assert house is not None
    factories.appointment(member=person, organisation=house)
    words = OrganisationChange(
        id=house.pk,
        sectors=["MUS.live", "DES"],
        languages=["et", "en"],
        descriptions={"en": "What we do", "de": "Was wir tun"},
        is_public=True,
    )
    world.own(person, "organisation.change", words)
    for organisation in (world.business, world.incubator):
        factories.appointment(member=person, organisation=organisation, role="editor")
        factories.appointment(organisation=organisation, granted_at=None)
    factories.accompaniment(intermediary=world.incubator)
    factories.accompaniment(intermediary=world.incubator, confirmed_at=None)
    asked = factories.accompaniment(organisation=world.business)
    factories.appointment(member=person, organisation=asked.intermediary)
    town = OrganisationChange(id=asked.organisation_id, town=f"Town {number}")
    # The person has a role of their own there, so another acts through the intermediary.
    acting = factories.appointment(organisation=asked.intermediary).member
    world.own(acting, "organisation.change", town)
    (row,) = invite_into_portfolio(
        actor=world.owner,
        intermediary_id=world.incubator.pk,
        invited=[Invited(line=2, name=f"New {number}", country="EE", email=f"n{number}@a.org")],
        site_at="http://testserver/",
    )
    _made, token = invite(actor=world.owner)
    world.keep(
        accompaniment=asked.pk,
        portfolio_token=portfolio_token(row.invitation_id),
        portfolio_invitation=PortfolioInvitation.objects.earliest("pk").pk,
        invitation=Invitation.objects.latest("pk").pk,
        invitation_token=token,
    )


def _front(world: World) -> None:
    """Results, partners, texts."""
    number = world.size
    if number == 1:
        fill_results()
    publish_result(
        Entry(
            key=f"result:{number}",
            kind=ResultKind.REPORT,
            title=f"Report {number}",
            url=f"/reports/{number}/",
            language="en",
            themes=["MUS", "DES"],
            countries=["EE", "PL"],
        )
    )
    Partner.objects.create(organisation=factories.organisation(name=f"Partner {number}"))
    for kind in TextKind:
        write_text(actor=world.owner, kind=kind, language=LANGUAGES[number - 1], text="# A\n\nb")


def _rooms(world: World) -> None:
    """Another room of both, its settings, links, sections, copies; a conversation."""
    owner, number = world.owner, world.size
    made = world.say(owner, "channel.create", "", CreateChannel(name=f"R {number}"))
    world.say(owner, "member.add", f"chat:{made}", NameMember(member=world.member.pk))
    topic = f"chat:{world.channel}"
    assert world.newest is not None
    world.say(owner, "member.add", topic, NameMember(member=world.newest.pk))
    world.say(owner, "link.make", topic, MakeLink(days=7))
    for reader in (owner, world.member):
        world.own(reader, "section.save", SaveSection(name=f"Section {number}"))
    row = ask_for_copy(actor=owner, channel_id=world.channel, form=CopyForm.JSON)
    make_copy(row=row)
    link = InviteLink.objects.earliest("pk")
    world.keep(
        link=link.pk,
        link_token=link.token,
        section=Section.objects.earliest("pk").pk,
        copy=RoomCopy.objects.earliest("pk").pk,
        other_channel=made,
    )


def _messages(world: World) -> None:
    """All that can hang on a message, and what is not said yet."""
    owner, member, person = world.owner, world.member, world.newest
    assert person is not None
    topic, channel = f"chat:{world.channel}", world.channel
    file = take_file(actor=person, name="a.pdf", size_bytes=9, content=BytesIO(b"%PDF-1.4\n"))
    shown = take_file(
        actor=person, name="b.jpg", size_bytes=len(picture()), content=BytesIO(picture())
    )
    first = world.say(
        person, "message.post", topic, PostMessage(text="Tere!", files=[file.pk, shown.pk])
    )
    for text, more in (
        ("Hei", {"reply_to": first}),
        (f"@[X](member:{member.pk}) @[X](member:{owner.pk}) @here", {"thread": first}),
        ("In the thread", {"thread": first}),
        (f"@[X](member:{owner.pk}) @[X](member:{member.pk})", {}),
    ):
        world.say(person, "message.post", topic, PostMessage(text=text, **more))  # type: ignore[arg-type]
    for reader in (owner, member):
        world.say(reader, "message.react", topic, React(id=first, emoji="🎭"))
        world.say(reader, "message.post", topic, PostMessage(text="Me too", thread=first))
        world.say(reader, "message.bookmark", topic, BookmarkMessage(id=first))
        later = ScheduleMessage(text="Later", at=now() + timedelta(days=1))
        world.say(reader, "message.schedule", topic, later)
        world.own(reader, "draft.save", SaveDraft(channel=world.names["other_channel"], text="T"))
    world.say(owner, "message.forward", topic, ForwardMessage(channel=channel, id=first))
    world.say(owner, "message.pin", topic, PinMessage(id=first))
    world.say(person, "message.edit", topic, EditMessage(id=first, text="Tere jälle"))
    Preview.objects.create(
        message_id=first, url="https://example.org/", title="x", state="shown", position=0
    )
    mine = world.say(owner, "message.post", topic, PostMessage(text="Mine"))
    world.keep(
        message=first,
        mine=mine,
        file=shown.pk,
        file_name="b.jpg",
        preview=Preview.objects.earliest("pk").pk,
        scheduled=Scheduled.objects.filter(member=owner).earliest("pk").pk,
    )


def _notices(world: World) -> None:
    """Notices of what was just said, browsers that take them, and a letter's link."""
    said = Message.objects.filter(channel=world.channel, author=world.newest)
    tell(drafts(concerned(list(said.values_list("pk", flat=True)), ())))
    for reader in (world.owner, world.member):
        Subscription.objects.create(
            member=reader, endpoint=f"https://push.example/{uuid.uuid4()}", p256dh="a", auth="b"
        )
    world.keep(
        subscription=Subscription.objects.filter(member=world.owner).earliest("pk").pk,
        unsubscribe=sign(Unsubscription(world.owner.pk, Way.MAIL, ("chat.direct",))),
    )


def _moderation(world: World) -> None:
    """Somebody blocked, a message reported."""
    blocked = factories.member(organisation=f"Loud {world.size}")
    said = Message.objects.filter(channel=world.channel, author=world.newest).earliest("pk")
    for reader in (world.owner, world.member):
        world.own(reader, "member.block", BlockMember(member=blocked.pk))
        data = ReportContent(kind="message", object=said.pk, reason="spam")
        world.own(reader, "content.report", data)
    world.keep(report=Report.objects.earliest("pk").pk)


def _files(world: World) -> None:
    """Uploads that go on, and one that belongs to nothing."""
    for reader in (world.owner, world.member):
        announce_file(actor=reader, name="x.pdf", size_bytes=10)
        take_file(actor=reader, name="c.txt", size_bytes=2, content=BytesIO(b"c\n"))
    loose = File.objects.filter(owner=world.owner, place="").earliest("created_at")
    world.keep(upload=loose.pk)
    index()


def _requests(world: World) -> None:
    """Somebody abroad who fits, a request of each side, and an answer."""
    person, number = world.newest, world.size
    assert person is not None
    abroad = factories.organisation(name=f"Hafen {number}", country="DE")
    factories.appointment(member=person, organisation=abroad)
    match(person, abroad)
    if number == 1:
        match(world.owner, world.business)
    values: dict[str, Any] = {
        "title": f"Dance {number}",
        "text": "A dance piece",
        "language": "en",
        "deadline": (now() + timedelta(days=20)).date().isoformat(),
        "needs": ["festival"],
        "offers": ["coproduction"],
        "sectors": ["MUS"],
        "audience": "everyone",
    }
    own = world.own(
        world.owner, "request.post", PostRequest(organisation=world.business.pk, **values)
    )
    other = world.own(person, "request.post", PostRequest(organisation=abroad.pk, **values))
    world.keep(request=own, other_request=other)
    answer = AnswerRequest(id=world.names["request"], organisation=abroad.pk, text="Tere!")
    world.own(person, "request.answer", answer)
    # A process reads once what changed, whoever asks first.
    current_market()
    current_requests()


def _matching(world: World) -> None:
    """Somebody suggested, somebody who would like to meet, somebody else who is accompanied."""
    business = world.business.pk
    for name in ("Werft", "Mole"):
        person = factories.member(name=f"{name} {world.size}")
        other = factories.organisation(name=f"{name} {world.size}", country="PL")
        factories.appointment(member=person, organisation=other)
        match(person, other)
        Suggestion.objects.create(profile_id=business, other_id=other.pk)
        if name == "Mole":
            # What was made first has the smaller id: it is the first side.
            Introduction.objects.create(first_id=business, second_id=other.pk, second_said="yes")
            factories.accompaniment(organisation=other, intermediary=world.incubator)
    current_market()


def _teams(world: World) -> None:
    """A meeting with a round, a consortium of one more, a group with a task."""
    person, abroad = world.newest, Organisation.objects.get(name=f"Hafen {world.size}")
    assert person is not None
    owner, first = world.owner, [world.owner.pk, world.member.pk]
    plan = PlanMeeting(title="Fair", size=2, members=[*first, person.pk])
    meeting = world.own(owner, "meeting.plan", plan)
    world.keep(meeting=meeting)
    presence = ChangePresence(meeting=world.names["meeting"], here=[person.pk])
    world.own(owner, "meeting.presence", presence)
    world.own(owner, "meeting.next", NextRound(meeting=world.names["meeting"]))
    proposal = ProposeConsortium(
        organisation=world.business.pk, title="Harbours", members=[abroad.pk]
    )
    world.keep(consortium=world.own(owner, "consortium.propose", proposal))
    ConsortiumSeat.objects.get_or_create(
        consortium_id=world.names["consortium"], organisation=abroad
    )
    agreed = Consortium.objects.create(lead=world.incubator, title="Together", state="agreed")
    for house, by in ((world.incubator, owner), (world.business, world.member)):
        ConsortiumSeat.objects.create(consortium=agreed, organisation=house, said="yes", by=by)
    begin = BeginGroup(organisation=world.incubator.pk, consortium=agreed.pk)
    world.keep(group=world.own(owner, "group.begin", begin))
    task = SaveTask(group=world.names["group"], title="Write", who=world.member.pk)
    world.own(owner, "task.save", task)
    # Who works together changes the market, which is read here and not by whoever asks first.
    current_market()


GROWTH: list[Callable[[World], None]] = [
    _people,
    _accounts,
    _organisations,
    _front,
    _rooms,
    _messages,
    _notices,
    _moderation,
    _requests,
    _matching,
    _teams,
    _files,
]
