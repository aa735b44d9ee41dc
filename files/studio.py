"""Has pictures drawn by a process of its own (``files/drawing.py``), few at a time."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore

import structlog
from django.conf import settings

from base.errors import Unavailable
from files.images import PictureTooLarge, UnreadablePicture
from files.vocabulary import THUMBNAIL_PX

AT_ONCE = 2
WAIT_S = 20.0
LONGEST_S = 110.0
_easels = BoundedSemaphore(AT_ONCE)
_logger = structlog.get_logger("files.studio")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture drawn anew, beside what was sent."""

    picture: Path
    thumbnail: Path
    content_type: str
    width: int
    height: int


def draw(source: Path) -> Drawn:
    """Draw a picture and its thumbnail anew.

    Raises:
        UnreadablePicture: no picture, a broken one, or one that its decoder died of.
        PictureTooLarge: too many pixels or frames, or it took too much processor time or memory.
        Unavailable: too many pictures wait, or the machine is too busy to draw this one.
    """
    if not _easels.acquire(timeout=WAIT_S):
        raise Unavailable(retry_after_s=5.0)
    try:
        command = [sys.executable, "-m", "files.drawing", str(source), str(THUMBNAIL_PX)]
        done = subprocess.run(  # noqa: S603 - our own program, no word from outside
            command,
            cwd=settings.BASE_DIR,
            env={"PYTHONDONTWRITEBYTECODE": "1", "DJANGO_SETTINGS_MODULE": "", "LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=LONGEST_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        # It has a bound on processor time of its own, so the machine is busy, not the picture bad.
        raise Unavailable(retry_after_s=10.0) from error
    finally:
        _easels.release()
    if done.returncode < 0:
        # The kernel ended it: too much time, or a decoder that fell over.
        _logger.warning("picture killed its painter", signal=-done.returncode)
        raise PictureTooLarge
    if done.returncode:
        _logger.error("picture failed", error=done.stderr[-2000:].decode(errors="replace"))
        raise UnreadablePicture
    facts = json.loads(done.stdout)
    if "refused" in facts:
        too_large = facts["refused"] == PictureTooLarge.code
        raise PictureTooLarge if too_large else UnreadablePicture
    return Drawn(source.with_suffix(".drawn"), source.with_suffix(".small"), **facts)
