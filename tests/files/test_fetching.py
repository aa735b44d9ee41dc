"""Nothing but the public web is fetched, however a link, a name or a server tries."""

import gzip
import ipaddress
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from files.fetching import PUBLIC, Address, Fetched, UnfetchableError, Web, fetch, is_public

PAGE = b"<title>Tere</title>"
LOOPBACK = ipaddress.ip_address("127.0.0.1")


class Hostile(BaseHTTPRequestHandler):
    """A server that does whatever its path says; it notes what it was sent."""

    seen: list[dict[str, str]]

    def do_GET(self) -> None:
        name, _, rest = self.path[1:].partition("?")
        self.seen.append({"path": self.path, **{k.lower(): v for k, v in self.headers.items()}})
        getattr(self, f"do_{name}")(rest)

    def answer(self, body: bytes = PAGE, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        given = {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(body))}
        for key, value in (given | {k.replace("_", "-"): v for k, v in headers.items()}).items():
            self.send_header(key, value)
        self.end_headers()
        self.wfile.write(body)

    def do_page(self, _rest: str) -> None:
        self.answer()

    def do_to(self, rest: str) -> None:
        self.answer(b"", 302, Location=rest)

    def do_round(self, rest: str) -> None:
        self.answer(b"", 302, Location=f"/round?{int(rest or 0) + 1}")

    def do_type(self, rest: str) -> None:
        self.answer(Content_Type=rest)

    def do_status(self, rest: str) -> None:
        self.answer(status=int(rest))

    def do_long(self, _rest: str) -> None:
        self.answer(b"x" * 300_000)

    def do_lies(self, _rest: str) -> None:
        self.answer(PAGE, Content_Length="1000000000")

    def do_bomb(self, _rest: str) -> None:
        self.answer(gzip.compress(b"\0" * 50_000_000), Content_Encoding="gzip")

    def do_gzip(self, _rest: str) -> None:
        self.answer(gzip.compress(PAGE), Content_Encoding="gzip")

    def do_broken(self, _rest: str) -> None:
        self.answer(b"no gzip", Content_Encoding="gzip")

    def do_packed(self, rest: str) -> None:
        self.answer(Content_Encoding=rest)

    def do_slow(self, _rest: str) -> None:
        """Headers, then a byte now and then for ever."""
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.drip(b"x")

    def do_drip(self, _rest: str) -> None:
        """A header line that never ends."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
        self.drip(b"y")

    def drip(self, byte: bytes) -> None:
        try:
            for _ in range(200):
                self.wfile.write(byte)
                time.sleep(0.05)
        except OSError:
            return

    def do_garbage(self, _rest: str) -> None:
        self.wfile.write(b"\x00\x01 this is no HTTP\r\n\r\n")

    def do_headers(self, _rest: str) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\n" + b"X-A: " + b"a" * 500_000 + b"\r\n\r\n")

    def log_message(self, *_args: Any) -> None:
        """Quiet."""


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    Hostile.seen = []
    served = ThreadingHTTPServer(("127.0.0.1", 0), Hostile)
    served.daemon_threads = True
    thread = threading.Thread(target=served.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield served
    served.shutdown()
    served.server_close()
    thread.join(5)


Get = Callable[..., Fetched]


@pytest.fixture
def get(server: ThreadingHTTPServer) -> Get:
    """Fetches a path of the server, which for once may be reached though it is on loopback."""
    port = server.server_port

    async def look_up(host: str, _port: int) -> Sequence[Address]:
        known = {"hostile.example": "127.0.0.1", "inside.example": "10.0.0.8"}
        return [ipaddress.ip_address(known.get(host, host))]

    web = Web(ports={port}, allows=lambda each: each == LOOPBACK, look_up=look_up, longest_s=1.5)

    def call(path: str, **options: Any) -> Fetched:
        values: dict[str, Any] = {"types": ["text/html"], "most_bytes": 100_000} | options
        url = f"http://hostile.example:{port}/{path}"
        return fetch(url, **values, web=web)

    return call


def test_a_page_is_fetched_with_nothing_that_says_who_asks(get: Get) -> None:
    page = get("page#part")
    assert (page.body, page.content_type, page.charset) == (PAGE, "text/html", "utf-8")
    assert page.is_whole
    (seen,) = Hostile.seen
    assert seen.pop("host") == page.url.split("/")[2]
    assert seen == {
        "path": "/page",
        "user-agent": "CreativePorts/1 (link preview)",
        "accept": "text/html",
        "accept-encoding": "gzip, identity",
        "connection": "close",
    }


def test_redirections_are_followed_and_checked_anew(get: Get) -> None:
    assert get("to?/page").body == PAGE
    assert get("to?/to?/page").body == PAGE
    assert get("to?/page").url.endswith("/page")


@pytest.mark.parametrize(
    "target",
    [
        "http://inside.example/",
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://169.254.169.254/latest/meta-data/",
        "file:///etc/passwd",
        "ftp://hostile.example/",
        "gopher://hostile.example/",
        "//inside.example/",
        "http://hostile.example:22/",
    ],
)
def test_a_redirection_elsewhere_is_not_followed(get: Get, target: str) -> None:
    with pytest.raises(UnfetchableError):
        get(f"to?{target}")
    assert len(Hostile.seen) == 1


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("round", "too many redirections"),
        ("type?application/pdf", "of type application/pdf"),
        ("type?", "of type "),
        ("status?404", "status 404"),
        ("status?204", "status 204"),
        ("packed?br", "packed as br"),
    ],
)
def test_what_is_something_else_is_refused(get: Get, path: str, why: str) -> None:
    with pytest.raises(UnfetchableError) as refused:
        get(path)
    assert str(refused.value) == why


@pytest.mark.parametrize("path", ["broken", "garbage", "headers", "nothing-here"])
def test_what_is_broken_is_refused(get: Get, path: str) -> None:
    with pytest.raises(UnfetchableError):
        get(path)


@pytest.mark.parametrize("path", ["slow", "drip"])
def test_slow_servers_are_left(get: Get, path: str) -> None:
    started = time.monotonic()
    with pytest.raises(UnfetchableError):
        get(path)
    assert time.monotonic() - started < 4


@pytest.mark.parametrize("path", ["long", "bomb"])
def test_no_more_is_kept_than_asked_for(get: Get, path: str) -> None:
    page = get(path)
    assert (len(page.body), page.is_whole) == (100_000, False)


def test_packed_pages_are_unpacked(get: Get) -> None:
    assert get("gzip").body == PAGE


def test_a_server_that_promises_more_than_it_sends_is_refused(get: Get) -> None:
    with pytest.raises(UnfetchableError):
        get("lies")


def test_one_address_that_must_not_be_reached_refuses_all(server: ThreadingHTTPServer) -> None:
    async def both(_host: str, _port: int) -> Sequence[Address]:
        return [LOOPBACK, ipaddress.ip_address("10.0.0.1")]

    web = Web(ports={server.server_port}, allows=lambda each: each == LOOPBACK, look_up=both)
    url = f"http://hostile.example:{server.server_port}/page"
    with pytest.raises(UnfetchableError):
        fetch(url, types=["text/html"], most_bytes=1000, web=web)
    assert Hostile.seen == []


def test_a_name_that_changes_its_address_is_asked_once(server: ThreadingHTTPServer) -> None:
    """DNS rebinding: what was checked is what is connected to."""
    answers = iter([LOOPBACK, ipaddress.ip_address("127.0.0.2")])
    asked = []

    async def rebinding(host: str, _port: int) -> Sequence[Address]:
        asked.append(host)
        return [next(answers)]

    web = Web(ports={server.server_port}, allows=lambda each: each == LOOPBACK, look_up=rebinding)
    url = f"http://rebinding.example:{server.server_port}"
    assert fetch(f"{url}/page", types=["text/html"], most_bytes=1000, web=web).body == PAGE
    assert asked == ["rebinding.example"]
    with pytest.raises(UnfetchableError):
        fetch(f"{url}/page", types=["text/html"], most_bytes=1000, web=web)
    assert len(Hostile.seen) == 1


@pytest.mark.parametrize(
    "host",
    ["localhost", "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "[::1]",
     "[::ffff:127.0.0.1]", "0.0.0.0", "[::]", "127.0.0.1.", "LOCALHOST"],  # noqa: S104
)  # fmt: skip
def test_this_machine_is_never_reached(server: ThreadingHTTPServer, host: str) -> None:
    web = Web(ports={server.server_port}, longest_s=3)
    url = f"http://{host}:{server.server_port}/page"
    with pytest.raises(UnfetchableError):
        fetch(url, types=["text/html"], most_bytes=1000, web=web)
    assert Hostile.seen == []


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "127.255.255.254", "0.0.0.0", "10.1.2.3",  # noqa: S104
      "172.16.0.1", "172.31.255.255",
     "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.127.255.254", "192.0.0.1", "192.0.2.1",
     "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1",
     "255.255.255.255", "::", "::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1",
     "fe80::1", "fe80::1%1", "fec0::1", "fc00::1", "fd12:3456::1", "ff02::1", "2001:db8::1",
     "2002:7f00:1::", "2001::1", "64:ff9b::7f00:1", "64:ff9b:1::a00:1", "100::1"],
)  # fmt: skip
def test_addresses_that_are_not_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address)) is False


@pytest.mark.parametrize("address", ["8.8.8.8", "193.40.1.1", "100.128.0.1", "2a00:1450::8a"])
def test_addresses_that_are_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address)) is True


@pytest.mark.parametrize(
    "url",
    ["", "x", "javascript:alert(1)", "http://", "http:///x", "https://a:b@example.org/",
     "http://example.org:8080/", "http://example.org:99999/", "http://exa mple.org/",
     "http://example.org/" + "x" * 2000, "http://[::1", "data:text/html,x", "http://\udcff/"],
)  # fmt: skip
def test_what_is_no_address_of_the_web_is_not_looked_up(url: str) -> None:
    async def look_up(_host: str, _port: int) -> Sequence[Address]:
        raise AssertionError

    with pytest.raises(UnfetchableError):
        fetch(url, types=["text/html"], most_bytes=1000, web=Web(look_up=look_up))


def test_nothing_but_the_web_may_be_reached_unless_told() -> None:
    assert (set(PUBLIC.ports), PUBLIC.allows) == ({80, 443}, is_public)
