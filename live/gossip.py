"""What processes tell each other through the channel layer: hints, signals, presence.

None of it is needed for the promise: a layer that is slow, empty or away costs up to a tick of
delay. One channel per process in one group; with the in-memory layer there is nobody to tell.
"""

import asyncio
import uuid
from collections import deque
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import structlog
from channels.layers import InMemoryChannelLayer, get_channel_layer

if TYPE_CHECKING:
    from live.hub import Hub

GROUP = "live"
SEND_S = 2.0
JOIN_EVERY_S = 15.0
QUEUE = 1000
_logger = structlog.get_logger("live.gossip")


class Gossip:
    """The hub's voice and ear among the other processes.

    Attributes:
        name: This process among the others.
    """

    def __init__(self, hub: "Hub") -> None:
        self._hub = hub
        self.name = uuid.uuid4().hex
        layer = get_channel_layer()
        self._layer: Any = None if isinstance(layer, InMemoryChannelLayer) else layer
        self._heads: dict[str, int] = {}
        self._messages: deque[dict[str, Any]] = deque(maxlen=QUEUE)
        self._wake = asyncio.Event()

    def hint(self, heads: Mapping[str, int]) -> None:
        """Tell the others that topics have grown; many at once become one message."""
        if self._layer is not None:
            for name, seq in heads.items():
                self._heads[name] = max(seq, self._heads.get(name, 0))
            self._wake.set()

    def tell(self, kind: str, **facts: Any) -> None:
        """Tell the others a signal or presence; the oldest are dropped when too many wait."""
        if self._layer is not None:
            self._messages.append({"kind": kind, **facts})
            self._wake.set()

    async def say_forever(self) -> None:
        """Send what there is to say; a layer that is away loses it."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            heads, self._heads = self._heads, {}
            messages = list(self._messages)
            self._messages.clear()
            if not heads and not messages:
                continue
            try:
                async with asyncio.timeout(SEND_S):
                    await self._layer.group_send(
                        GROUP,
                        {"type": "live", "from": self.name, "heads": heads, "said": messages},
                    )
            except Exception as error:  # noqa: BLE001 - whatever the layer's client raises
                _logger.warning("layer does not send", error=repr(error))
                await asyncio.sleep(0.2)

    async def hear_forever(self) -> None:
        """Take what the others say, for as long as the process lives."""
        if self._layer is None:
            return
        while True:
            try:
                await self._hear()
            except Exception as error:  # noqa: BLE001 - whatever the layer's client raises
                _logger.warning("layer does not receive", error=repr(error))
                await asyncio.sleep(0.5)

    async def _hear(self) -> None:
        channel = await self._layer.new_channel()
        joining = asyncio.create_task(self._stay_in_group(channel))
        try:
            while True:
                self._take(await self._layer.receive(channel))
        finally:
            joining.cancel()

    async def _stay_in_group(self, channel: str) -> None:
        """Join again and again: a wiped Redis and an old membership both forget us."""
        while True:
            try:
                async with asyncio.timeout(SEND_S):
                    await self._layer.group_add(GROUP, channel)
            except Exception as error:  # noqa: BLE001 - whatever the layer's client raises
                _logger.warning("layer does not join", error=repr(error))
                await asyncio.sleep(1)
                continue
            await asyncio.sleep(JOIN_EVERY_S)

    def _take(self, message: Mapping[str, Any]) -> None:
        if message.get("from") == self.name:
            return
        hub, process = self._hub, message["from"]
        hub.hinted(message["heads"])
        for said in message["said"]:
            match said["kind"]:
                case "signal":
                    hub.presence.relay(said["topic"], said["signal"], said["by"], said["data"])
                case "presence":
                    hub.presence.heard(process, said["topics"])
                case "sockets":
                    hub.crowding.heard(process, said["members"])
                case "crowded" if said["process"] == self.name:
                    hub.crowding.close_idlest(said["member"])
