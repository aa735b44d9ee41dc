"""Fetches from the web what members link to, and nothing else that this server could reach.

Invariants: a connection is made to an address that was looked up and checked just before, never to
a name, so a second look-up cannot answer otherwise; each redirection is a new address, checked as
the first; only public addresses, only the ports of the web; no proxy, cookie, password or referrer
is sent. All of it ends after one time limit, and not more than so many bytes are kept, unpacked or
not.
"""

import asyncio
import ipaddress
import re
import socket
import zlib
from collections.abc import Awaitable, Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Final

import httpx

LONGEST_S: Final = 8.0
MOST_HOPS: Final = 4
MAX_URL: Final = 2000
AGENT: Final = "CreativePorts/1 (link preview)"
WEB_PORTS: Final = frozenset({80, 443})
# Addresses that hold another one, which would be reached; some of them Python takes for public.
_CARRIERS: Final = tuple(
    ipaddress.IPv6Network(text)
    for text in ("2002::/16", "2001::/32", "64:ff9b::/96", "64:ff9b:1::/48", "fec0::/10", "::/96")
)
_HOST: Final = re.compile(rb"[a-z0-9._-]{1,253}|[0-9a-f:.]{2,45}")
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
# Looking a name up may outlast the limit; then the thread is left to it, and there are few.
_lookups: Final = ThreadPoolExecutor(4, thread_name_prefix="lookup")


class UnfetchableError(Exception):
    """It could not or must not be fetched; the text says why, for the log."""

    def __init__(self, *, why: str) -> None:
        super().__init__(why)


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address answered.

    Attributes:
        url: Of the last redirection.
        content_type: Without parameters, lower case.
        charset: As the header has it; may be empty or unknown.
        is_whole: Whether it was no longer than what was kept.
    """

    url: str
    content_type: str
    charset: str
    body: bytes
    is_whole: bool


def is_public(address: Address) -> bool:
    """Whether an address belongs to the public internet.

    Loopback, private, link-local, shared (RFC 6598), multicast, reserved and documentation
    addresses do not, and neither do IPv6 addresses that stand for an IPv4 one.
    """
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None or address.scope_id:
            return False
        if any(address in network for network in _CARRIERS):
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


async def _look_up(host: str, port: int) -> Sequence[Address]:
    loop = asyncio.get_running_loop()
    found = await loop.run_in_executor(
        _lookups, lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    )
    return [ipaddress.ip_address(each[4][0]) for each in found]


@dataclass(frozen=True)
class Web:
    """What may be reached, and how.

    Attributes:
        look_up: A host's addresses.
    """

    ports: Collection[int] = WEB_PORTS
    allows: Callable[[Address], bool] = is_public
    look_up: Callable[[str, int], Awaitable[Sequence[Address]]] = _look_up
    longest_s: float = LONGEST_S
    headers: dict[str, str] = field(default_factory=lambda: {"User-Agent": AGENT})


PUBLIC: Final = Web()


def fetch(url: str, *, types: Collection[str], most_bytes: int, web: Web = PUBLIC) -> Fetched:
    """What an address answers, if it is one of those content types.

    Args:
        url: From outside.
        types: Such as ``text/html``, or ``image/`` for any picture.
        most_bytes: Of the body, unpacked; the rest is neither read nor kept.
        web: What may be reached.

    Raises:
        UnfetchableError: it cannot be reached, must not be, or is something else.
    """
    try:
        return asyncio.run(_fetch_in_time(url, types, most_bytes, web))
    except (OSError, httpx.HTTPError, httpx.InvalidURL, ValueError, zlib.error) as error:
        raise UnfetchableError(why=f"{type(error).__name__}: {error}") from error


async def _fetch_in_time(url: str, types: Collection[str], most_bytes: int, web: Web) -> Fetched:
    async with asyncio.timeout(web.longest_s):
        for _ in range(MOST_HOPS):
            answer = await _hop(url, types, most_bytes, web)
            if isinstance(answer, Fetched):
                return answer
            url = answer
    raise UnfetchableError(why="too many redirections")


def checked(url: str, ports: Collection[int]) -> httpx.URL:
    """The address, if it is one of the web.

    Raises:
        UnfetchableError: another scheme or port, no host, or a password in it.
    """
    found = httpx.URL(url)
    port = found.port or {"http": 80, "https": 443}.get(found.scheme)
    if len(url) > MAX_URL or found.scheme not in {"http", "https"} or not found.host:
        raise UnfetchableError(why="no address of the web")
    if _HOST.fullmatch(found.raw_host) is None:
        raise UnfetchableError(why="a host that is no name")
    if port not in ports or found.userinfo:
        raise UnfetchableError(why="another port, or a password in the address")
    return found.copy_with(fragment=None)


async def pinned(target: httpx.URL, web: Web) -> httpx.URL:
    """The same target by one of its addresses, looked up and checked now.

    A request to it needs the target's ``Host`` and, for its certificate, ``sni_hostname``.

    Raises:
        UnfetchableError: it has no address, or one that must not be reached.
    """
    port = target.port or (443 if target.scheme == "https" else 80)
    addresses = await web.look_up(target.host, port)
    # One that must not be reached among them is a trick, not a mistake.
    if not addresses or not all(web.allows(address) for address in addresses):
        raise UnfetchableError(why="an address that must not be reached")
    return target.copy_with(host=str(addresses[0]))


async def _hop(url: str, types: Collection[str], most_bytes: int, web: Web) -> Fetched | str:
    """One request; what it answers, or where it sends us."""
    target = checked(url, web.ports)
    address = await pinned(target, web)
    transport = httpx.AsyncHTTPTransport(trust_env=False, retries=0, http2=False)
    headers = {
        **web.headers,
        "Host": target.netloc.decode("ascii"),
        "Accept": ", ".join(each + "*" if each.endswith("/") else each for each in types),
        "Accept-Encoding": "gzip, identity",
        "Connection": "close",
    }
    async with httpx.AsyncClient(transport=transport, trust_env=False) as client:
        request = httpx.Request(
            "GET",
            address,
            headers=headers,
            # The certificate must be the name's, though the connection is to the address.
            extensions={
                "sni_hostname": target.host,
                "timeout": httpx.Timeout(web.longest_s).as_dict(),
            },
        )
        answer = await client.send(request, stream=True, follow_redirects=False)
        try:
            if answer.has_redirect_location:
                return str(target.join(answer.headers["location"]))
            return await _read(answer, str(target), types, most_bytes)
        finally:
            await answer.aclose()


async def _read(
    answer: httpx.Response, url: str, types: Collection[str], most_bytes: int
) -> Fetched:
    if answer.status_code != httpx.codes.OK:
        raise UnfetchableError(why=f"status {answer.status_code}")
    content_type, _, rest = answer.headers.get("content-type", "").partition(";")
    content_type = content_type.strip().lower()
    if not any(content_type.startswith(each) if each.endswith("/") else content_type == each
               for each in types):  # fmt: skip
        raise UnfetchableError(why=f"of type {content_type[:60]}")
    encoding = answer.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in {"identity", "gzip", "x-gzip", "deflate"}:
        raise UnfetchableError(why=f"packed as {encoding[:60]}")
    unpack = None if encoding == "identity" else zlib.decompressobj(zlib.MAX_WBITS | 32)
    body, is_whole = bytearray(), True
    async for chunk in answer.aiter_raw(16 * 1024):
        room = most_bytes - len(body)
        part = chunk if unpack is None else unpack.decompress(chunk, room + 1)
        body += part[:room]
        if len(part) > room:
            is_whole = False
            break
    charset = rest.partition("charset=")[2].split(";")[0].strip("\"' ").lower()
    return Fetched(url, content_type, charset, bytes(body), is_whole)
