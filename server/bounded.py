"""A bound on request bodies, kept before Django spools them to disk.

Uploads come in parts far below the bound; only forms that send whole files have a larger one.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

MOST_BYTES = 8 * 1024 * 1024
# A message with its files from a browser without a script: together as much as one file may be.
FORMS_WITH_FILES = re.compile(r"/chat/[0-9]{1,18}/")


class BoundedBodies:
    """Answers 413 to a body that says it is too large, and ends one that turns out to be."""

    def __init__(
        self, application: Application, most_bytes: int = MOST_BYTES, most_form_bytes: int = 0
    ) -> None:
        self._application = application
        self._most_bytes = most_bytes
        self._most_form_bytes = max(most_bytes, most_form_bytes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, its body counted."""
        headers = dict(scope["headers"])
        announced = headers.get(b"content-length", b"0")
        has_files = (
            scope.get("method") == "POST"
            and headers.get(b"content-type", b"").startswith(b"multipart/form-data")
            and FORMS_WITH_FILES.fullmatch(scope["path"])
        )
        most_bytes = self._most_form_bytes if has_files else self._most_bytes
        if not announced.isdigit() or int(announced) > most_bytes:
            await _refuse(send)
            return
        came = 0

        async def counted() -> Mapping[str, Any]:
            nonlocal came
            message = await receive()
            came += len(message.get("body", b""))
            # As if the client had gone: nothing of such a request is worth keeping.
            return message if came <= most_bytes else {"type": "http.disconnect"}

        await self._application(scope, counted, send)


async def _refuse(send: Send) -> None:
    body = b"This is too large.\n"
    headers = [(b"content-type", b"text/plain"), (b"content-length", str(len(body)).encode())]
    headers += [(b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": body})
