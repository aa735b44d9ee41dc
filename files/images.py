"""Pictures that people send, made safe to keep and to show: the one way for photos and logos.

What is kept is always drawn anew: nothing of the file that was sent survives but pixels, so neither
metadata (place, camera, comments) nor anything hidden before, behind or within the picture does.
Colours are brought to sRGB and the picture is turned upright before its profile and orientation go.
Nothing is decoded before the numbers in the header were looked at.
"""

import hashlib
import io
import struct
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageCms, ImageFile, ImageOps

from base.errors import Invalid

FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
LONGEST_PX: Final = 4096
MOST_PIXELS: Final = 64_000_000
MOST_FRAMES: Final = 600
MOST_PIXELS_OF_FRAMES: Final = 120_000_000
MOST_FORM_BYTES: Final = 5 * 1024 * 1024
SHORTEST_FRAME_MS: Final = 20
SUFFIXES: Final = {"JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp"}
TYPES: Final = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
_SRGB: Final = ImageCms.createProfile("sRGB")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture drawn anew.

    Attributes:
        content_type: `image/jpeg`, `image/png` or `image/webp`.
        suffix: What a file name of this type ends with, with the dot.
        width: Of the upright picture, in pixels.
        frames: 1, or more for an animation, which is always WebP.
    """

    data: bytes
    content_type: str
    suffix: str
    width: int
    height: int
    frames: int = 1


class UnreadablePicture(Invalid):
    """It is no picture of a known format, or it is broken."""

    code = "files.picture_unreadable"
    default_detail = _("This is not a picture that we can read.")


class UndrawnPicture(Invalid):
    """A photo of a kind that cannot be drawn anew; as it is it says where and when it was taken."""

    code = "files.picture_undrawn"
    default_detail = _(
        "This kind of photo (HEIC) says where and when it was taken, and we cannot take that out. "
        "Send it as JPEG: most phones and programs can save it so."
    )


class PictureTooLarge(Invalid):
    """Drawn out it would have too many pixels or frames, however few bytes it was packed into."""

    code = "files.picture_too_large"
    default_detail = _("The picture has too many pixels.")


def reencode(
    source: BinaryIO,
    *,
    longest_px: int = LONGEST_PX,
    most_pixels: int = MOST_PIXELS,
    square: bool = False,
    still: bool = False,
    kind: str = "",
    formats: Collection[str] = FORMATS,
) -> Picture:
    """Draw a picture anew: upright, in sRGB, without any metadata, no side over `longest_px`.

    What is transparent or was PNG or GIF becomes PNG, an animation WebP, everything else JPEG.

    Args:
        source: Seekable, read from its beginning.
        longest_px: A smaller picture keeps its size.
        most_pixels: As the header says them; more are refused before anything is decoded.
        square: Cut to the square in its middle.
        still: Keep the first picture of an animation only.
        kind: `JPEG`, `PNG` or `WEBP` where one of them is wanted whatever came.
        formats: What is decoded, as Pillow calls it.

    Raises:
        UnreadablePicture: `files.picture_unreadable`; a TIFF of several pages, too, which would
            lose all but one.
        PictureTooLarge: `files.picture_too_large`.
    """
    source.seek(0)
    with _refusing(), Image.open(source, formats=tuple(formats)) as sent:
        if sent.width * sent.height > most_pixels:
            raise PictureTooLarge
        frames = 1 if still or kind else _frames(sent)
        if frames > 1:
            return _animation(sent, frames)
        lossless = sent.format in {"PNG", "GIF", "TIFF"}
        picture = _drawn(sent, longest_px, square=square)
    is_clear = picture.mode == "RGBA"
    return _packed(picture, kind or ("PNG" if is_clear or lossless else "JPEG"))


def clean_picture(
    sent: Any,
    *,
    longest_px: int = 512,
    square: bool = False,
    kind: str = "",
    most_bytes: int = MOST_FORM_BYTES,
) -> "ContentFile[bytes]":
    """Return a form's picture drawn anew, still, named by its content (`3f2a….jpg`).

    For profile pictures and logos: `sent` is what the form's file field holds; the other arguments
    are those of :func:`reencode`.

    Raises:
        ValidationError: larger than `most_bytes`, or not a picture that can be read.
    """
    if sent.size > most_bytes:
        raise ValidationError(
            _("The file is larger than %(limit)d MB."), params={"limit": most_bytes // 1024**2}
        )
    try:
        picture = reencode(sent, longest_px=longest_px, square=square, still=True, kind=kind)
    except Invalid as error:
        raise ValidationError(str(error.detail), code=error.code) from error
    digest = hashlib.sha256(picture.data).hexdigest()[:32]
    return ContentFile(picture.data, name=digest + picture.suffix)


@contextmanager
def _refusing() -> Iterator[None]:
    """Whatever Pillow raises over bytes from outside is a refusal, not a bug."""
    try:
        yield
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureTooLarge from error
    except (OSError, ValueError, SyntaxError, EOFError, KeyError, IndexError, TypeError) as error:
        raise UnreadablePicture from error
    except (OverflowError, ZeroDivisionError, AttributeError, AssertionError) as error:
        raise UnreadablePicture from error


def _frames(sent: ImageFile.ImageFile) -> int:
    """How many pictures follow one another; 1 for a still one, and for a photo with previews."""
    if sent.format == "MPO":
        return 1
    frames = getattr(sent, "n_frames", 1)
    if sent.format == "TIFF" and frames > 1:
        raise UnreadablePicture
    if frames > MOST_FRAMES or frames * sent.width * sent.height > MOST_PIXELS_OF_FRAMES:
        raise PictureTooLarge(detail=_("The animation is too long."))
    return int(frames)


def _drawn(sent: ImageFile.ImageFile, longest_px: int, *, square: bool) -> Image.Image:
    """The first picture, small, upright, RGB or (where something is transparent) RGBA."""
    profile = sent.info.get("icc_profile")
    # A JPEG is decoded at a half or a quarter at once where that is still large enough.
    sent.draft(None, _fitting(sent.size, longest_px, covering=square))
    picture: Image.Image = sent
    if picture.mode.startswith("I;16"):
        picture = picture.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    picture = _in_srgb(picture, profile)
    size = _fitting(picture.size, longest_px, covering=square)
    if size != picture.size:
        picture = picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    picture = _upright(picture, sent)
    if square:
        side = min(*picture.size, longest_px)
        picture = ImageOps.fit(picture, (side, side), Image.Resampling.LANCZOS)
    if picture.mode == "RGBA" and picture.getchannel("A").getextrema() == (255, 255):
        picture = picture.convert("RGB")
    return picture


def _fitting(size: tuple[int, int], longest_px: int, *, covering: bool) -> tuple[int, int]:
    """The size scaled down so that the longer (covering: the shorter) side is `longest_px`."""
    side = min(size) if covering else max(size)
    if side <= longest_px:
        return size
    return (max(1, round(size[0] * longest_px / side)), max(1, round(size[1] * longest_px / side)))


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """The picture as RGB or RGBA; a profile that cannot be used is as good as none."""
    transparent = picture.has_transparency_data
    if profile and not transparent and picture.mode in {"RGB", "CMYK", "L"}:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            drawn = ImageCms.profileToProfile(picture, source, _SRGB, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            drawn = None
        if drawn is not None:
            return drawn
    return picture.convert("RGBA" if transparent else "RGB")


def _upright(picture: Image.Image, sent: ImageFile.ImageFile) -> Image.Image:
    """The picture turned as its orientation says; one that cannot be read says nothing."""
    picture.info = {key: sent.info[key] for key in ("exif", "xmp") if key in sent.info}
    try:
        return ImageOps.exif_transpose(picture)
    except (OSError, ValueError, SyntaxError, KeyError, TypeError, struct.error):
        return picture


def _packed(picture: Image.Image, kind: str) -> Picture:
    """The pixels, and nothing else, as a file."""
    options: dict[str, dict[str, Any]] = {
        "JPEG": {"quality": 86, "optimize": True, "progressive": True},
        "PNG": {"optimize": False, "compress_level": 6},
        "WEBP": {"quality": 80, "method": 4},
    }
    if kind == "JPEG" and picture.mode == "RGBA":
        paper = Image.new("RGB", picture.size, "white")
        paper.paste(picture, mask=picture.getchannel("A"))
        picture = paper
    picture.info = {}
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options[kind])
    return Picture(buffer.getvalue(), TYPES[kind], SUFFIXES[kind], *picture.size)


def _animation(sent: ImageFile.ImageFile, frames: int) -> Picture:
    """All its frames as WebP, one in memory at a time; what is faster than 50 a second slows."""
    durations = []
    for frame in range(frames):
        sent.seek(frame)
        sent.load()
        durations.append(max(SHORTEST_FRAME_MS, int(sent.info.get("duration") or 100)))
    loop = int(sent.info.get("loop", 1 if sent.format == "GIF" else 0))
    sent.seek(0)
    without: dict[str, Any] = {"exif": b"", "icc_profile": b"", "xmp": b""}
    buffer = io.BytesIO()
    sent.save(
        buffer,
        "WEBP",
        save_all=True,
        duration=durations,
        loop=loop,
        quality=75,
        method=2,
        **without,
    )
    width, height = sent.size
    return Picture(buffer.getvalue(), TYPES["WEBP"], SUFFIXES["WEBP"], width, height, frames)
