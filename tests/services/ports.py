"""Free ports, and waiting for what should become true."""

import random
import socket
import time
from collections.abc import Callable

LISTENED_ON = range(10_000, 30_000)
"""Below those that the kernel gives to outgoing connections, which come at any moment."""
_random = random.SystemRandom()


def free_port() -> int:
    """A TCP port of loopback that nobody listens on now, and no connection gets by chance."""
    while True:
        port = _random.choice(LISTENED_ON)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port


def wait_until(holds: Callable[[], bool], what: str, within_s: float = 30.0) -> None:
    """Wait until something holds.

    Raises:
        TimeoutError: it did not within that time.
    """
    end = time.monotonic() + within_s
    while not holds():
        if time.monotonic() > end:
            message = f"{what}: not within {within_s:g} s"
            raise TimeoutError(message)
        time.sleep(0.02)


def accepts(port: int) -> bool:
    """Whether somebody listens on that port of loopback."""
    try:
        socket.create_connection(("127.0.0.1", port), 0.5).close()
    except OSError:
        return False
    return True
