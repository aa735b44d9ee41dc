"""Links of messages are shown by what their pages say; a stranger's server gets nowhere with it."""

import io
import ipaddress
import threading
from collections.abc import Callable, Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.storage import storages
from django.test import Client
from PIL import Image

from base.errors import Refusal
from base.personal import Texts
from chat.access import message_in
from chat.actions.previews import MOST, links_in, plan_previews
from chat.erasure.previews import erase
from chat.events import DeleteMessage, EditMessage, PostMessage
from chat.events.previews import RemovePreview
from chat.models import Channel, Message, Preview
from chat.previewing import fetch_preview
from chat.queries import message_page
from files.fetching import Address, Web
from jobs.models import Job
from jobs.periodic import _jobs
from live.models import Event
from members.models import SiteSettings
from tests.chat.conftest import Room, do

LOOPBACK = ipaddress.ip_address("127.0.0.1")
HEAD = (
    '<title>Puppets</title><meta name=description content="<script>alert(1)</script>">'
    '<meta property="og:image" content="/picture.png">'
)


def png() -> bytes:
    """A picture with something in it that must not be passed on."""
    buffer = io.BytesIO()
    Image.new("RGB", (900, 600), "teal").save(buffer, "PNG", exif=b"Exif\0\0MM\0*\0\0\0\x08\0\0")
    return buffer.getvalue() + b"CANARY"


class Site(BaseHTTPRequestHandler):
    """A page with a picture, and pages with none or a bad one."""

    def do_GET(self) -> None:
        pages = {
            "/page": ("text/html", HEAD.encode()),
            "/plain": ("text/html", b"<title>Plain</title>"),
            "/nothing": ("text/html", b"<p>No title"),
            "/svg": ("text/html", HEAD.replace("picture.png", "evil.svg").encode()),
            "/inside": ("text/html", HEAD.replace("/picture.png", "http://10.0.0.1/x").encode()),
            "/picture.png": ("image/png", png()),
            "/evil.svg": ("image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        }
        kind, body = pages.get(self.path, ("text/html", b""))
        self.send_response(200 if self.path in pages else 404)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: Any) -> None:
        """Quiet."""


@pytest.fixture
def web() -> Iterator[Web]:
    """A web of one site, pages.example."""
    served = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=served.serve_forever, args=(0.01,), daemon=True)
    thread.start()

    async def look_up(host: str, _port: int) -> Sequence[Address]:
        return [LOOPBACK if host == "pages.example" else ipaddress.ip_address(host)]

    yield Web(ports={served.server_port}, allows=lambda each: each == LOOPBACK, look_up=look_up)
    served.shutdown()
    served.server_close()
    thread.join(5)


@pytest.fixture
def address(web: Web) -> str:
    """Where the site is."""
    (port,) = web.ports
    return f"http://pages.example:{port}"


@pytest.fixture(autouse=True)
def _own_files(settings: LazySettings, tmp_path: Any) -> None:
    """Pictures of the tests go with them."""
    files = {"BACKEND": "django.core.files.storage.FileSystemStorage",
             "OPTIONS": {"location": str(tmp_path)}}  # fmt: skip
    settings.STORAGES = settings.STORAGES | {"files": files}


def follow() -> None:
    """What the worker does within a second or two."""
    job = _jobs["chat.previews"]
    assert job.needed is not None
    while job.needed():
        job.run()


def post(room: Room, text: str, who: str = "member") -> int:
    number: int = do(room.people[who], "message.post", room.topic, PostMessage(text=text))["id"]
    return number


def fetch_all(web: Web) -> None:
    """What the tasks do that wait."""
    for preview in Preview.objects.order_by("pk"):
        fetch_preview(preview.pk, web)


def seen(room: Room, message: int) -> list[tuple[str, str]]:
    """Title and description of what a message shows."""
    rows = message_page(Channel.objects.get(pk=room.id)).messages
    (row,) = [row for row in rows if row.id == message]
    return [(each.title, each.description) for each in row.previews]


@pytest.fixture
def room(make_room: Callable[..., Room]) -> Room:
    made = make_room()
    follow()
    return made


def test_a_link_is_shown_by_its_page(room: Room, web: Web, address: str) -> None:
    said = post(room, f"See {address}/page")
    assert seen(room, said) == []
    follow()
    assert Job.queue.waiting().count() == 1
    fetch_all(web)
    assert seen(room, said) == [("Puppets", "<script>alert(1)</script>")]
    event = Event.objects.get(event="message.previewed")
    assert (event.subject, event.by_id, event.data) == (said, None, None)


def test_a_picture_is_drawn_anew_and_served_by_us_to_who_may_read(
    room: Room, web: Web, address: str, site: SiteSettings
) -> None:
    post(room, f"{address}/page")
    follow()
    fetch_all(web)
    preview = Preview.objects.get()
    assert (preview.width, preview.height) == (900, 600)
    found = {}
    for who in ("owner", "member", "outsider", "removed", "guest", "staff"):
        client = Client()
        client.force_login(room.people[who])
        answer = client.get(f"/chat/previews/{preview.pk}/")
        found[who] = answer.status_code
        if answer.status_code == 200:
            body = b"".join(answer)
            assert answer["Content-Type"] == "image/webp"
            assert b"CANARY" not in body
            assert Image.open(io.BytesIO(body)).size[0] <= 900
    hidden = dict.fromkeys(("outsider", "removed", "guest", "staff"), 404)
    assert found == {"owner": 200, "member": 200} | hidden


@pytest.mark.parametrize(("page", "title"), [("plain", "Plain"), ("svg", "Puppets"),
                                             ("inside", "Puppets")])  # fmt: skip
def test_a_page_without_a_good_picture_has_none(
    room: Room, web: Web, address: str, page: str, title: str
) -> None:
    said = post(room, f"{address}/{page}")
    follow()
    fetch_all(web)
    assert [each[0] for each in seen(room, said)] == [title]
    assert Preview.objects.get().picture == ""


@pytest.mark.parametrize("page", ["nothing", "missing"])
def test_what_says_nothing_shows_nothing(room: Room, web: Web, address: str, page: str) -> None:
    said = post(room, f"{address}/{page}")
    follow()
    fetch_all(web)
    assert seen(room, said) == []
    assert Preview.objects.get().state == "failed"
    assert not Event.objects.filter(event="message.previewed").exists()


def test_this_machine_is_not_reached(room: Room) -> None:
    post(room, "http://127.0.0.1/admin http://[::1]/ http://169.254.169.254/latest/")
    follow()
    for preview in Preview.objects.all():
        fetch_preview(preview.pk)
    assert set(Preview.objects.values_list("state", flat=True)) == {"failed"}


def test_a_plain_message_costs_nothing(room: Room, django_assert_num_queries: Any) -> None:
    message = Message.objects.get(pk=room.said)
    assert links_in(message.html) == []
    follow()
    with django_assert_num_queries(2):
        assert plan_previews([room.said, room.owned]) == []


def test_an_edit_changes_what_is_shown(room: Room, web: Web, address: str) -> None:
    said = post(room, f"{address}/page and {address}/plain")
    follow()
    fetch_all(web)
    assert [title for title, _ in seen(room, said)] == ["Puppets", "Plain"]
    stored = Preview.objects.get(title="Puppets").picture
    data = EditMessage(id=said, text=f"{address}/plain")
    do(room.people["member"], "message.edit", room.topic, data)
    follow()
    assert [title for title, _ in seen(room, said)] == ["Plain"]
    assert stored


def test_who_wrote_it_takes_a_preview_off_and_it_stays_off(
    room: Room, web: Web, address: str
) -> None:
    said = post(room, f"{address}/page")
    follow()
    fetch_all(web)
    preview = Preview.objects.get()
    data = RemovePreview(id=said, preview=preview.pk)
    with pytest.raises(Refusal) as refused:
        do(room.people["outsider"], "preview.remove", room.topic, data)
    assert refused.value.code == "not_found"
    do(room.people["member"], "preview.remove", room.topic, data)
    assert seen(room, said) == []
    edit = EditMessage(id=said, text=f"Again: {address}/page")
    do(room.people["member"], "message.edit", room.topic, edit)
    follow()
    fetch_all(web)
    assert seen(room, said) == []


def test_somebody_elses_preview_is_a_moderators_to_take_off(
    room: Room, web: Web, address: str
) -> None:
    said = post(room, f"{address}/page", "owner")
    follow()
    fetch_all(web)
    data = RemovePreview(id=said, preview=Preview.objects.get().pk)
    with pytest.raises(Refusal) as refused:
        do(room.people["member"], "preview.remove", room.topic, data)
    assert refused.value.code == "forbidden"
    do(room.people["moderator"], "preview.remove", room.topic, data)
    assert seen(room, said) == []


@pytest.mark.django_db(transaction=True)
def test_a_deleted_message_leaves_no_picture(
    make_room: Callable[..., Room], web: Web, address: str
) -> None:
    room = make_room()
    follow()
    said = post(room, f"{address}/page")
    follow()
    fetch_all(web)
    stored = Preview.objects.get().picture
    assert storages["files"].exists(stored)
    do(room.people["member"], "message.delete", room.topic, DeleteMessage(id=said))
    follow()
    assert (Preview.objects.count(), storages["files"].exists(stored)) == (0, False)


def test_who_leaves_and_takes_the_words_along_takes_the_previews(
    room: Room, web: Web, address: str
) -> None:
    said = post(room, f"{address}/page")
    follow()
    fetch_all(web)
    for texts, left in ((Texts.LEAVE, 1), (Texts.TAKE, 0)):
        Message.objects.filter(pk=said).update(text="", html="", deleted_at="2026-01-01T00:00Z")
        for _ in erase(room.people["member"].pk, texts):
            pass
        assert Preview.objects.count() == left


def test_switched_off_nothing_is_planned(room: Room, settings: LazySettings) -> None:
    settings.LINK_PREVIEWS = False
    post(room, "https://example.org/")
    follow()
    assert (Preview.objects.count(), Job.queue.waiting().count()) == (0, 0)


def test_few_links_of_a_message_and_of_an_author_are_fetched(room: Room) -> None:
    text = " ".join(f"https://example.org/{n}" for n in range(9))
    post(room, text)
    follow()
    assert Preview.objects.count() == 3
    for _ in range(MOST // 3 + 2):
        post(room, text)
    follow()
    assert Preview.objects.count() == MOST
    assert message_in(Channel.objects.get(pk=room.id), room.said)


def test_links_of_a_message(settings: LazySettings) -> None:
    settings.SITE_URL = "https://ports.example"
    html = (
        '<a href="https://a.example/?x=1&amp;y=2#part" rel="x">a</a> <a href="/members/1/">m</a>'
        '<a href="https://ports.example/chat/1/">own</a> <a href="mailto:a@b.example">mail</a>'
        '<a href="https://a.example/?x=1&amp;y=2">again</a><a href="http://[x/">bad</a>'
    )
    assert links_in(html) == ["https://a.example/?x=1&y=2"]
