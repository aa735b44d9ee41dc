"""Contents to upload: pictures that are what they seem to be, and others that are not."""

from io import BytesIO
from typing import Any

from PIL import Image

CANARY = b"CANARY 59.43N 24.75E"


def picture(
    kind: str = "JPEG", size: tuple[int, int] = (64, 48), mode: str = "RGB", **options: Any
) -> bytes:
    """A small picture of that kind."""
    buffer = BytesIO()
    Image.new(mode, size, "teal" if mode in {"RGB", "RGBA"} else 1).save(buffer, kind, **options)
    return buffer.getvalue()


def located(size: tuple[int, int] = (64, 48), orientation: int = 6) -> bytes:
    """A photo that lies on its side and says who took it, where and with what."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = CANARY.decode()
    exif.get_ifd(0x8825)[2] = (59.0, 26.0, 14.0)
    return picture("JPEG", size, exif=exif, comment=CANARY)


def animation(kind: str = "GIF", frames: int = 4, size: tuple[int, int] = (32, 24)) -> bytes:
    """Some frames of different tones, 50 ms each, for ever."""
    drawn = [Image.new("RGB", size, (tone * 40 % 256, 0, 90)) for tone in range(frames)]
    buffer = BytesIO()
    drawn[0].save(buffer, kind, save_all=True, append_images=drawn[1:], duration=50, loop=0)
    return buffer.getvalue()


def bomb() -> bytes:
    """A PNG of some kilobytes that would take 900 million pixels."""
    return picture("PNG", (30_000, 30_000), "1")
