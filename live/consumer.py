"""The door of the socket: from ASGI messages to commands, and their answers back.

Channels routes to it; what comes in is handled in this task, what goes out is the hub's. A
command that waits for the database waits in this socket's own queue, in order.
"""

import asyncio
from collections import deque
from time import monotonic, perf_counter
from typing import Any

import structlog
from channels.consumer import AsyncConsumer
from django.conf import settings
from django.db import DatabaseError
from django.utils import translation
from django.utils.translation.trans_real import parse_accept_lang_header

from base.errors import KeyMissing, Malformed, NotFound, Refusal, TooMany, Unavailable
from live import limits, metrics
from live.credentials import Credential, authenticate
from live.follows import Place, places
from live.hub import Hub, running_hub
from live.limits import Bucket
from live.performing import make_job
from live.problems import fit
from live.protocol import (
    Dropped,
    Follow,
    Input,
    Ping,
    Seen,
    Signal,
    Stranger,
    Unfollow,
    Wish,
    Write,
    Wrong,
    needs_resync,
)
from live.registry import find_command, find_topic, load_actors, load_apart, load_cards
from live.scopes import (
    READ,
    WRITE,
    ScopeMissing,
    allows,
    area_of_command,
    area_of_topic,
    require,
    usable,
)
from live.sockets import Socket
from live.transports import outlet_for
from live.units import Job

_logger = structlog.get_logger("live.commands")


class TopicsTooMany(TooMany):
    """The socket follows as many topics as it may."""

    code = "topics.too_many"

    def __init__(self) -> None:
        super().__init__()
        self.retry_after_s = None


class AwayError(Exception):
    """The handshake cannot be judged now; the server answers 5xx."""


class LiveConsumer(AsyncConsumer):
    """One socket of ``/live/``.

    It has no channel of its own and does not use Channels' dispatch, which would look after
    database connections in a thread for every message.
    """

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one socket from its handshake to its end."""
        if (await receive())["type"] != "websocket.connect":
            return
        hub = running_hub()
        try:
            found = None if hub.is_draining else await hub.readers.run(_identify, scope)
        except DatabaseError:
            await _refuse_for_now(scope, send)
            return
        if hub.is_draining:
            await _refuse_for_now(scope, send)
            return
        if found is None:
            await send({"type": "websocket.close", "code": 4401})
            return
        await send({"type": "websocket.accept"})
        credential, card, apart, locale = found
        socket = Socket(outlet_for(send), credential, card, apart)
        session = _Session(hub, socket, locale or _language(scope))
        socket.task = asyncio.current_task()
        hub.join(socket)
        try:
            socket.say({"hello": _hello(socket)})
            await session.serve(receive)
        except asyncio.CancelledError:
            if not socket.closing:
                raise
        finally:
            session.end()
            hub.leave(socket)


def _identify(scope: Any) -> tuple[Credential, Any, frozenset[int], str] | None:
    """Who opens the socket, how others see that member and who does not, and its language."""
    credential = authenticate(scope)
    if credential is None:
        return None
    member = load_actors([credential.member_id])[credential.member_id]
    card = load_cards([credential.member_id])[credential.member_id]
    apart = load_apart([credential.member_id]).get(credential.member_id, frozenset())
    return credential, card, apart, member.locale


def _language(scope: Any) -> str:
    """The language that the handshake asks for, among the site's."""
    headers = {name.lower(): value for name, value in scope["headers"]}
    for code, _ in parse_accept_lang_header(headers.get(b"accept-language", b"").decode("latin-1")):
        try:
            return translation.get_supported_language_variant(code)
        except LookupError:
            continue
    return settings.LANGUAGE_CODE


async def _refuse_for_now(scope: Any, send: Any) -> None:
    """Answer the handshake with 503, which says "come back" and not "sign in"."""
    if "websocket.http.response" not in scope.get("extensions", {}):
        raise AwayError
    headers = [(b"retry-after", b"1")]
    await send({"type": "websocket.http.response.start", "status": 503, "headers": headers})
    await send({"type": "websocket.http.response.body", "body": b""})


def _hello(socket: Socket) -> dict[str, Any]:
    return {
        "protocol": limits.PROTOCOL,
        "member": socket.member_id,
        "build": settings.BUILD,
        "beat_s": limits.BEAT_S,
        "limits": limits.announced(),
    }


class _Session:
    """The commands of one socket, in order."""

    def __init__(self, hub: Hub, socket: Socket, language: str) -> None:
        self._hub = hub
        self._socket = socket
        self._language = language
        self._queue: deque[Follow | Unfollow | Write] = deque()
        self._runner: asyncio.Task[None] | None = None
        self._pending = 0
        self._idle = asyncio.Event()
        self._idle.set()

    async def serve(self, receive: Any) -> None:
        """Take frames until the peer or the server ends the socket."""
        socket = self._socket
        while True:
            message = await receive()
            if message["type"] == "websocket.disconnect":
                return
            if message["type"] == "websocket.receive" and not socket.closing:
                text = message.get("text")
                frame = text if text is not None else message.get("bytes") or b""
                self._take(socket.connection.receive(frame, monotonic()))

    def end(self) -> None:
        """The socket is gone; writes under way are finished without it."""
        self._queue.clear()
        if self._runner is not None:
            self._runner.cancel()

    def _take(self, said: Input) -> None:
        socket = self._socket
        match said:
            case Seen():
                self._hub.seen(socket, said.heads)
            case Signal():
                self._hub.presence.signal(socket, said.topic, said.signal, said.data)
            case Ping():
                socket.say({"ref": said.ref, "ok": {}})
            case Follow() | Unfollow() | Write():
                self._enqueue(said)
            case Wrong():
                self._refuse(said.ref, KeyMissing() if said.code == "key.missing" else Malformed())
            case Stranger():
                socket.close(4400)
            case Dropped():
                pass

    def _enqueue(self, said: Follow | Unfollow | Write) -> None:
        self._queue.append(said)
        self._socket.waiting = len(self._queue) + self._pending
        if self._socket.waiting > limits.WAITING:
            self._queue.clear()
            self._socket.close(4429)
        elif self._runner is None:
            self._runner = asyncio.create_task(self._run())

    async def _run(self) -> None:
        """Run what waits, in order; writes go out together, anything else waits for them."""
        try:
            while self._queue:
                said = self._queue.popleft()
                if isinstance(said, Write):
                    await self._write(said)
                else:
                    await self._idle.wait()
                    if isinstance(said, Follow):
                        await self._follow(said)
                    else:
                        self._hub.unfollow(self._socket, said.topic)
                        self._socket.say({"ref": said.ref, "ok": {}})
        except Exception:
            _logger.exception("commands of a socket failed", member=self._socket.member_id)
            self._socket.close(1011)
        finally:
            self._runner = None
            self._socket.waiting = len(self._queue) + self._pending

    def _refuse(self, ref: int | None, refusal: Refusal) -> None:
        with translation.override(self._language):
            self._socket.say({"ref": ref, "error": refusal.as_dict()})

    # Writes

    async def _write(self, said: Write) -> None:
        """Validate a write, prepare what takes long outside of the transaction, hand it over."""
        try:
            job = self._job(said)
            prepare = job.command.prepare
            if prepare is not None:
                if job.command.is_quick is None or job.command.is_quick(job.data):
                    job.data = prepare(job.data)
                else:
                    job.data = await asyncio.to_thread(prepare, job.data)
        except Refusal as refusal:
            self._answered(said, refusal, perf_counter())
            return
        job.limited = not limits.writes.take(job.actor_id)
        started = perf_counter()
        self._pending += 1
        self._idle.clear()
        if not self._hub.writer.submit(job, lambda done: self._written(said, done, started)):
            job.refusal = Unavailable()
            self._written(said, job, started)

    def _job(self, said: Write) -> Job:
        command, _ = find_command(said.cmd, said.topic)
        require(self._socket.credential.scopes, area_of_command(command), WRITE)
        if said.key is None:
            raise KeyMissing
        data = fit(said.data, command.data)
        return make_job(
            actor_id=self._socket.member_id,
            cmd=said.cmd,
            topic=said.topic,
            data=data,
            key=said.key,
        )

    def _written(self, said: Write, job: Job, started: float) -> None:
        """The writer is done with a job: answer it."""
        self._pending -= 1
        self._socket.waiting = len(self._queue) + self._pending
        if not self._pending:
            self._idle.set()
        if job.refusal is not None:
            if isinstance(job.refusal, Unavailable):
                # Nobody tried; the repetition must not meet an empty allowance.
                limits.writes.give_back(job.actor_id)
            self._answered(said, job.refusal, started)
            return
        if job.reply and job.reply.get("replayed"):
            limits.writes.give_back(job.actor_id)
        self._socket.wrote_at = monotonic()
        self._socket.say({"ref": said.ref, "ok": job.reply})
        self._log(said, "ok", started)

    def _answered(self, said: Write, refusal: Refusal, started: float) -> None:
        self._refuse(said.ref, refusal)
        self._log(said, refusal.code, started)

    def _log(self, said: Write, outcome: str, started: float) -> None:
        metrics.COMMANDS.labels(outcome).inc()
        _logger.info(
            "command",
            cmd=said.cmd,
            topic=said.topic,
            ref=said.ref,
            member=self._socket.member_id,
            outcome=outcome,
            ms=round((perf_counter() - started) * 1000, 1),
        )

    # Follows

    async def _follow(self, said: Follow) -> None:
        socket = self._socket
        if socket.follows is None:
            socket.follows = Bucket(limits.FOLLOWS / limits.FOLLOWS_IN_S, limits.FOLLOWS)
        if not socket.follows.take(len(said.wishes)):
            self._refuse(said.ref, TooMany())
            return
        try:
            epoch = await self._hub.epoch()
            names = {wish.topic for wish in said.wishes}
            found = await self._hub.readers.run(places, socket.member_id, names)
        except DatabaseError:
            self._refuse(said.ref, Unavailable())
            return
        answers: dict[str, dict[str, Any]] = {}
        starts: dict[str, tuple[Place, int]] = {}
        with translation.override(self._language):
            for wish in said.wishes:
                starts.pop(wish.topic, None)
                answers[wish.topic] = self._answer(wish, found.get(wish.topic), epoch, starts)
        if said.is_list:
            socket.say({"ref": said.ref, "ok": {"topics": answers}})
        else:
            answer = answers[said.wishes[0].topic]
            ok = "error" not in answer
            socket.say({"ref": said.ref} | ({"ok": answer} if ok else answer))
        for name, (place, since) in starts.items():
            self._hub.follow(socket, name, place.head, since, place.reach)

    def _answer(
        self,
        wish: Wish,
        place: Place | None,
        epoch: str,
        starts: dict[str, tuple[Place, int]],
    ) -> dict[str, Any]:
        """What is replied for one topic; where it is followed, ``starts`` says from where."""
        socket = self._socket
        if place is None:
            self._hub.unfollow(socket, wish.topic)
            return {"error": NotFound().as_dict()}
        scopes = socket.credential.scopes
        if not allows(scopes, area_of_topic(find_topic(wish.topic)[0]), READ):
            self._hub.unfollow(socket, wish.topic)
            return {"error": ScopeMissing().as_dict()}
        if len(socket.followings.keys() | starts.keys() | {wish.topic}) > limits.TOPICS:
            return {"error": TopicsTooMany().as_dict()}
        head = place.head
        resync = wish.since is not None and needs_resync(
            since=wish.since,
            epoch=wish.epoch,
            log_epoch=epoch,
            head=head.seq,
            first_seq=head.first_seq,
            reach_since=place.reach.since,
        )
        if resync:
            self._hub.unfollow(socket, wish.topic)
        else:
            starts[wish.topic] = (place, head.seq if wish.since is None else wish.since)
        return {
            "topic": wish.topic,
            "epoch": epoch,
            "seq": head.seq,
            "resync": resync,
            "can": usable(scopes, wish.topic, place.reach.can),
        }
