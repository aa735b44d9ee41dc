"""Free ports, and waiting for what should become true."""

import socket
import time
from collections.abc import Callable


def free_port() -> int:
    """A TCP port of loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
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
