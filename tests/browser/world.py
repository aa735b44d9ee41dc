"""Members of the demo in front of their browsers, and what a test asks of them."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self
from uuid import uuid4

import httpx
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    ViewportSize,
)

from tests.browser.cable import Cable

PASSWORD = "baltic-ports-demo"
WIDE: ViewportSize = {"width": 1280, "height": 800}
NARROW: ViewportSize = {"width": 320, "height": 640}
PATIENCE_MS = 30_000
"""How long one waits for what must come: the machine may have other things to do."""
# What Chromium itself says of a connection that was cut on purpose, and of a page that refuses.
NETWORK = ("Failed to load resource: net::ERR_", "WebSocket connection to")
REFUSED = "Failed to load resource: the server responded with a status of 4"
_rooms = itertools.count(1)


class Desk:
    """One member at one browser of their own, with as many tabs as they open.

    Attributes:
        complaints: Console errors, page errors and requests to other origins, as they happened.
        context: The browser's own cookies and storage.
        may_break: The test breaks connections, so Chromium may say that they broke.
        may_refuse: The test asks for what is refused, so Chromium may say so.
    """

    def __init__(self, browser: Browser, base: str, cable: Cable | None, **options: Any) -> None:
        self.base = base
        self.complaints: list[str] = []
        self._cable = cable
        self.may_break = False
        self.may_refuse = False
        options = {"viewport": WIDE, "locale": "en-GB"} | options
        self.context: BrowserContext = browser.new_context(base_url=base, **options)
        self.context.set_default_timeout(PATIENCE_MS)
        self.context.on("request", self._requested)
        self.context.on("console", self._said)
        self.context.on("weberror", lambda error: self.complaints.append(str(error.error)))

    def _requested(self, request: Request) -> None:
        if not request.url.startswith((f"{self.base}/", "data:", f"blob:{self.base}/")):
            self.complaints.append(f"request: {request.url}")

    def _said(self, message: ConsoleMessage) -> None:
        text = message.text
        is_expected = (self.may_break and text.startswith(NETWORK)) or (
            self.may_refuse and text.startswith(REFUSED)
        )
        if message.type == "error" and not is_expected:
            self.complaints.append(f"console: {text} {message.location.get('url', '')}")

    def has_no_complaint(self) -> None:
        """Nothing was complained of since it was asked last."""
        said, self.complaints = self.complaints, []
        assert said == [], said

    def sign_in(self, email: str, password: str = PASSWORD) -> None:
        """Sign in by the page."""
        page = self.context.new_page()
        page.goto("/accounts/login/")
        page.locator("input[name=login]").fill(email)
        page.locator("input[name=password]").fill(password)
        page.locator("input[name=password]").press("Enter")
        page.locator(".rail").wait_for()
        page.close()

    def open(self, path: str) -> Page:
        """A new tab on that page."""
        page = self.context.new_page()
        page.goto(path)
        return page

    def enter(self, room: int) -> Page:
        """A new tab in a room, live."""
        page = self.open(f"/chat/{room}/")
        wait_live(page)
        return page

    def pull_the_cable(self) -> None:
        """No network: what is open breaks, nothing new opens, and the browser knows it."""
        assert self._cable is not None
        self.may_break = True
        self._cable.cut()
        self.context.set_offline(True)

    def plug_in(self) -> None:
        """The network is back."""
        assert self._cable is not None
        self._cable.mend()
        self.context.set_offline(False)


def wait_live(page: Page) -> None:
    """Wait until the page says that it is live."""
    page.locator('[data-slot="connection"][data-state="live"]').wait_for(state="attached")


def write(page: Page, text: str) -> None:
    """Type a message and send it by Enter."""
    field = page.locator("#compose-text")
    field.fill(text)
    field.press("Enter")


def message(page: Page, text: str) -> Locator:
    """The row of a message that the server has, by what it says."""
    return page.locator(".message[data-id]").filter(has=page.get_by_text(text, exact=True))


def texts(page: Page) -> list[str]:
    """What all rows of the room say, in order, unsent ones last."""
    return page.locator('.message [data-slot="text"]').all_inner_texts()


class Office:
    """What a test arranges behind the pages: rooms, who is in them, what the log says."""

    def __init__(self, clients: dict[str, httpx.Client]) -> None:
        self._clients = clients

    @classmethod
    def of_programs(cls, base: str, tokens: dict[str, str]) -> Self:
        """Members' programs, by their tokens."""
        return cls(
            {
                name: httpx.Client(base_url=base, headers={"Authorization": f"Bearer {token}"})
                for name, token in tokens.items()
            }
        )

    @classmethod
    def of_browsers(cls, base: str, states: dict[str, Any]) -> Self:
        """What members who are signed in do beside the pages that they look at."""
        clients = {}
        for name, state in states.items():
            cookies = {each["name"]: each["value"] for each in state["cookies"]}
            headers = {"X-CSRFToken": cookies["csrftoken"]}
            clients[name] = httpx.Client(base_url=base, cookies=cookies, headers=headers)
        return cls(clients)

    def close(self) -> None:
        """End the connections."""
        for client in self._clients.values():
            client.close()

    def do(self, who: str, cmd: str, topic: str, **data: Any) -> dict[str, Any]:
        """A command of that member; its ``ok``."""
        said = {"ref": 1, "cmd": cmd, "key": str(uuid4()), "data": data}
        if topic:
            said["topic"] = topic
        answer = self._clients[who].post("/api/v1/commands/", json=said)
        assert answer.status_code == 200, answer.text
        ok: dict[str, Any] = answer.json()["ok"]
        return ok

    def id_of(self, who: str) -> int:
        """The id of that member."""
        return int(self._clients[who].get("/api/v1/me/").json()["id"])

    def room(self, *texts: str) -> int:
        """A new public room that Anna opened and Jonas joined, with these messages of Anna's."""
        name = f"Test room {next(_rooms)}"
        ok = self.do("anna", "channel.create", "", name=name, purpose="For a test.")
        self.do("jonas", "channel.join", ok["topic"])
        for text in texts:
            self.do("anna", "message.post", ok["topic"], text=text)
        return int(ok["id"])

    def newest_in(self, room: int) -> int:
        """The id of the newest message of a room."""
        answer = self._clients["anna"].get(f"/api/v1/channels/{room}/messages/?limit=1")
        return int(answer.json()["results"][-1]["id"])

    def said_in(self, room: int) -> list[str]:
        """The texts of a room's messages as the server has them, in order."""
        answer = self._clients["anna"].get(f"/api/v1/channels/{room}/messages/?limit=100")
        return [row["text"] for row in answer.json()["results"]]


@contextmanager
def desk(
    browser: Browser, port: int, *, state: Any = None, cable: bool = False, **options: Any
) -> Iterator[Desk]:
    """A browser of one's own, behind a cable that can be pulled if asked for."""
    if state is not None:
        options["storage_state"] = state
    if cable:
        with Cable(port) as line:
            yield from _used(Desk(browser, line.url, line, **options))
    else:
        yield from _used(Desk(browser, f"http://127.0.0.1:{port}", None, **options))


def _used(made: Desk) -> Iterator[Desk]:
    try:
        yield made
    finally:
        made.context.close()
    made.has_no_complaint()
