"""Web push: sealed for one browser, to its own service and nowhere else, for as long as wanted."""

import base64
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from typing import Any, ClassVar

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import LazySettings
from django.test import Client
from django_tasks_db.models import DBTaskResult
from py_vapid import Vapid02

from base.clock import now
from base.errors import Invalid, NotFound
from chat.events import ReadChannel
from chat.notices import REPLY
from files.fetching import Web
from members.models import Member, SiteSettings
from notices import vapid
from notices.actions.pushing import note_outcomes, subscribe, take_due, unsubscribe
from notices.events import SubscribeBrowser
from notices.models import Delivery, Notice, Preferences, Subscription
from notices.pushing import Outcome, Push, is_endpoint, outcome_of, send_all
from notices.queries import is_push_due, pushes_for
from notices.tasks import push_due, send_pushes
from notices.vocabulary import FAILURES, MAX_BROWSERS
from tests import factories
from tests.notices.conftest import Talk, do, quiet_now


def text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


class Browser:
    """A browser's side of a subscription: its keys."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.secret = b"0123456789abcdef"
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self.p256dh, self.auth = text(point), text(self.secret)

    def says(self, endpoint: str = "https://push.example/abc", **more: str) -> SubscribeBrowser:
        return SubscribeBrowser(endpoint=endpoint, p256dh=self.p256dh, auth=self.auth, **more)

    def opens(self, body: bytes) -> Any:
        """What a message says, once unsealed."""
        opened = http_ece.decrypt(
            body, private_key=self.key, auth_secret=self.secret, version="aes128gcm"
        )
        return json.loads(opened)


class Service(BaseHTTPRequestHandler):
    """A push service; what it got is kept."""

    got: ClassVar[list[tuple[str, dict[str, str], bytes]]] = []
    status: ClassVar[int] = 201

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        Service.got.append((self.path, dict(self.headers), body))
        self.send_response(Service.status)
        self.send_header("Location", "http://127.0.0.1:1/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_args: Any) -> None:
        pass


@pytest.fixture
def service() -> Iterator[int]:
    """The port of a push service on this machine."""
    Service.got.clear()
    Service.status = 201
    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def _key(settings: LazySettings, tmp_path: Any) -> Iterator[None]:
    settings.DATA_DIR = tmp_path
    settings.SITE_URL = "https://ports.example"
    settings.DEFAULT_FROM_EMAIL = "Creative Ports <ports@example.org>"
    vapid.key_pair.cache_clear()
    vapid.public_key.cache_clear()
    yield
    vapid.key_pair.cache_clear()
    vapid.public_key.cache_clear()


def here(port: int) -> Web:
    """This machine alone."""

    async def look_up(_host: str, _port: int) -> Any:
        return [ip_address("127.0.0.1")]

    return Web(ports={port}, allows=lambda _address: True, look_up=look_up)


def signed_in(member: Member) -> tuple[Client, str]:
    client = Client()
    client.force_login(member)
    return client, client.session.session_key or ""


def taking(talk: Talk, browser: Browser, **more: Any) -> Subscription:
    """The reader's browser takes replies by push."""
    Preferences.objects.update_or_create(
        member=talk.reader, defaults={"ways": {REPLY: ["page", "push"]}} | more
    )
    _, session_key = signed_in(talk.reader)
    return subscribe(actor=talk.reader, session_key=session_key, browser=browser.says())


def test_message_is_sealed_for_its_browser_and_signed_by_this_site(service: int) -> None:
    browser = Browser()
    said = {"title": "Creative Ports", "body": "Otto replied"}
    endpoint = f"http://push.example:{service}/abc"
    push = Push(7, endpoint, browser.p256dh, browser.auth, json.dumps(said).encode())
    assert send_all([push], here(service)) == {7: Outcome.TAKEN}
    ((path, headers, body),) = Service.got
    assert (path, headers["Host"], headers["Content-Encoding"], headers["TTL"]) == (
        "/abc", f"push.example:{service}", "aes128gcm", "86400",
    )  # fmt: skip
    assert b"Otto" not in body
    assert browser.opens(body) == said
    scheme, _, rest = headers["Authorization"].partition(" ")
    parts = dict(part.split("=", 1) for part in rest.split(","))
    assert (scheme, parts["k"]) == ("vapid", vapid.public_key())
    claims = parts["t"].split(".")[1]
    signed = json.loads(base64.urlsafe_b64decode(claims + "=="))
    assert signed["aud"] == f"http://push.example:{service}"
    assert signed["sub"] == "mailto:ports@example.org"
    assert Vapid02.verify(headers["Authorization"])


def test_key_is_made_once_and_kept_for_its_owner_alone(tmp_path: Any) -> None:
    first = vapid.public_key()
    vapid.key_pair.cache_clear()
    vapid.public_key.cache_clear()
    assert vapid.public_key() == first
    assert [path.name for path in tmp_path.iterdir()] == ["vapid_key"]
    assert (tmp_path / "vapid_key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(201, Outcome.TAKEN), (404, Outcome.GONE), (410, Outcome.GONE), (429, Outcome.LATER),
     (503, Outcome.LATER), (403, Outcome.LATER), (307, Outcome.LATER)],
)  # fmt: skip
def test_what_the_answer_means(service: int, status: int, outcome: Outcome) -> None:
    """A redirection is not followed."""
    Service.status = status
    browser = Browser()
    endpoint = f"http://push.example:{service}/abc"
    push = Push(7, endpoint, browser.p256dh, browser.auth, b"x")
    assert send_all([push], here(service)) == {7: outcome}
    assert outcome_of(status) == outcome
    assert len(Service.got) == 1


def test_addresses_inside_are_never_reached(service: int) -> None:
    """Whatever the name says, the address it leads to decides."""
    browser = Browser()

    async def look_up(_host: str, _port: int) -> Any:
        return [ip_address("127.0.0.1")]

    push = Push(7, f"http://push.example:{service}/", browser.p256dh, browser.auth, b"x")
    assert send_all([push], Web(ports={service}, look_up=look_up)) == {7: Outcome.GONE}
    assert Service.got == []


@pytest.mark.parametrize(
    "url",
    ["http://push.example/", "https://push.example:8443/", "https://user:pw@push.example/",
     "ftp://push.example/", "https:///x", "file:///etc/passwd", "x", "", "https://"],
)  # fmt: skip
def test_what_is_no_endpoint_is_refused(talk: Talk, url: str) -> None:
    assert is_endpoint(url) is False
    with pytest.raises(Invalid):
        subscribe(actor=talk.reader, session_key="s", browser=Browser().says(url))
    assert Subscription.objects.count() == 0


def test_keys_that_are_none_are_refused(talk: Talk) -> None:
    good = Browser()
    for p256dh, auth in [("", good.auth), (good.p256dh, ""), (text(b"\x04" * 65), good.auth),
                         (good.p256dh, text(b"short")), ("é", good.auth)]:  # fmt: skip
        wrong = SubscribeBrowser(endpoint="https://push.example/", p256dh=p256dh, auth=auth)
        with pytest.raises(Invalid):
            subscribe(actor=talk.reader, session_key="s", browser=wrong)
    assert Subscription.objects.count() == 0


def test_reply_reaches_the_browser_without_words_unless_wanted(talk: Talk) -> None:
    browser = Browser()
    row = taking(talk, browser)
    (notice,) = talk.told()
    assert is_push_due() is False
    Delivery.objects.update(due_at=now())
    assert is_push_due() is True
    ids: list[list[int]] = []
    assert (take_due(ids.append), take_due(ids.append)) == (1, 0)
    (push,) = pushes_for(ids[0])
    assert push.subscription_id == row.pk
    said = json.loads(push.body)
    assert said == {
        "title": "Creative Ports",
        "body": "Otto Other replied to you in Harbour",
        "url": f"/chat/{talk.channel}/?message={notice.subject}#m-{notice.subject}",
        "tag": f"{talk.reader.pk}:{notice.pk}",
        "lang": "en",
    }
    Preferences.objects.update(push_says=True)
    (push,) = pushes_for(ids[0])
    assert json.loads(push.body)["body"] == "Otto Other replied to you in Harbour\nHei"


@pytest.mark.parametrize("how", ["read", "seen", "unwanted", "off", "signed out", "suspended"])
def test_what_is_not_wanted_any_more_is_not_pushed(talk: Talk, how: str) -> None:
    taking(talk, Browser())
    talk.told()
    ids = list(Delivery.objects.values_list("pk", flat=True))
    assert len(pushes_for(ids)) == 1
    match how:
        case "read":
            Notice.objects.update(read_at=now())
        case "seen":
            do(talk.reader, "channel.read", talk.topic, ReadChannel(seq=10**6))
        case "unwanted":
            Preferences.objects.update(ways={REPLY: ["page"]})
        case "off":
            Preferences.objects.update(is_off=True)
        case "signed out":
            from django.contrib.sessions.models import Session

            Session.objects.all().delete()
        case "suspended":
            Member.objects.filter(pk=talk.reader.pk).update(is_active=False)
    assert pushes_for(ids) == []


def test_push_that_comes_due_in_quiet_hours_waits(talk: Talk) -> None:
    """The hours were chosen when it was under way already."""
    taking(talk, Browser())
    talk.told()
    Delivery.objects.update(due_at=now())
    quiet_now(talk.reader)
    push_due()
    delivery = Delivery.objects.get()
    assert (delivery.is_settled, delivery.due_at > now()) == (False, True)
    Preferences.objects.update(quiet_from=None, quiet_to=None)
    Delivery.objects.update(due_at=now())
    push_due()
    assert Delivery.objects.get().is_settled is True


def test_without_a_browser_nothing_is_stored_to_be_pushed(talk: Talk) -> None:
    Preferences.objects.create(member=talk.reader, ways={REPLY: ["push"]})
    talk.told()
    assert Notice.objects.count() == 0


def test_outcomes_are_noted(talk: Talk) -> None:
    rows = [
        Subscription.objects.create(
            member=talk.reader, endpoint=f"https://push.example/{n}", session_key="s", failures=f
        )
        for n, f in enumerate([3, 0, 0, FAILURES - 1])
    ]
    taken, gone, later, last = (row.pk for row in rows)
    again = note_outcomes(
        {taken: Outcome.TAKEN, gone: Outcome.GONE, later: Outcome.LATER, last: Outcome.LATER}
    )
    assert list(again) == [later]
    assert list(Subscription.objects.values_list("pk", "failures")) == [(taken, 0), (later, 1)]


def test_browser_whose_service_is_away_gets_it_again_later(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name leads nowhere here: no look-up answers in time."""
    import socket

    def away(*_args: Any, **_more: Any) -> Any:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", away)
    row = taking(talk, Browser())
    talk.told()
    ids = list(Delivery.objects.values_list("pk", flat=True))
    for attempt in (1, 2, 3):
        send_pushes.func(ids, None if attempt == 1 else [row.pk], attempt)
    waiting = [task.args_kwargs["args"] for task in DBTaskResult.objects.order_by("run_after")]
    assert waiting == [[ids, [row.pk], 2], [ids, [row.pk], 3]]
    assert Subscription.objects.get().failures == 3


def test_oldest_browser_goes(talk: Talk) -> None:
    made = [
        subscribe(
            actor=talk.reader,
            session_key="s",
            browser=Browser().says(f"https://push.example/{number}"),
        ).pk
        for number in range(MAX_BROWSERS + 1)
    ]
    assert list(Subscription.objects.values_list("pk", flat=True)) == made[1:]


def test_browser_belongs_to_whoever_subscribed_it_last(talk: Talk) -> None:
    browser = Browser()
    subscribe(actor=talk.reader, session_key="a", browser=browser.says())
    subscribe(actor=talk.other, session_key="b", browser=browser.says(name="Firefox"))
    row = Subscription.objects.get()
    assert (row.member, row.session_key, row.name) == (talk.other, "b", "Firefox")


def test_nobody_drops_the_browser_of_another(talk: Talk) -> None:
    row = subscribe(actor=talk.reader, session_key="a", browser=Browser().says())
    with pytest.raises(NotFound):
        unsubscribe(actor=talk.other, subscription_id=row.pk)
    assert Subscription.objects.count() == 1
    unsubscribe(actor=talk.reader, subscription_id=row.pk)
    assert Subscription.objects.count() == 0


def test_browsers_over_rest(site: SiteSettings) -> None:
    member = factories.member()
    client, _ = signed_in(member)
    said = Browser()
    body = {"endpoint": "https://push.example/1", "p256dh": said.p256dh, "auth": said.auth,
            "name": "Firefox, Linux"}  # fmt: skip
    made = client.post("/api/v1/notices/browsers/", body, content_type="application/json")
    assert (made.status_code, made.json()["name"]) == (200, "Firefox, Linux")
    assert client.get("/api/v1/notices/browsers/").json() == {"results": [made.json()]}
    assert "push.example" not in client.get("/settings/notifications/").content.decode()
    gone = client.delete(f"/api/v1/notices/browsers/{made.json()['id']}/")
    assert (gone.status_code, Subscription.objects.count()) == (204, 0)
    assert client.post("/api/v1/notices/browsers/", {}, "application/json").status_code == 422


def test_settings_say_that_push_needs_https(site: SiteSettings, settings: LazySettings) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    client, _ = signed_in(factories.member())
    said = {
        host: "Push messages need HTTPS" in client.get(
            "/settings/notifications/", headers={"host": host}, secure=secure
        ).content.decode()
        for host, secure in (("ports.example", False), ("localhost:8000", False))
    }  # fmt: skip
    assert said == {"ports.example": True, "localhost:8000": False}
    page = client.get("/settings/notifications/", headers={"host": "ports.example"}, secure=True)
    assert "Push messages need HTTPS" not in page.content.decode()
