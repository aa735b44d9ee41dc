"""Pure rules of files: which names are kept, and what a content is taken for.

Invariants: what this module calls a type is what browsers are told, so nothing that could run in a
page (HTML, SVG, XML, scripts) has a type of its own: it is bytes, to be downloaded.
"""

import unicodedata
from pathlib import PurePosixPath
from typing import BinaryIO, Final

from files.vocabulary import MAX_NAME

HEAD_BYTES: Final = 64 * 1024
BYTES: Final = "application/octet-stream"
TEXT: Final = "text/plain"
# Drawn anew, so safe to show; a file with such a content that cannot be drawn is refused.
PICTURES: Final = frozenset(
    {"image/jpeg", "image/png", "image/webp", "image/gif", "image/avif", "image/tiff"}
)
# What browsers show: drawn anew, a TIFF is one no more.
SHOWN: Final = PICTURES - {"image/tiff"}
# Photos that cannot be drawn anew here; as they are they tell where and when they were taken.
UNDRAWN: Final = frozenset({"image/heic"})
# Played by the browser itself; they hold no script that a browser would run.
PLAYED: Final = frozenset(
    {
        "audio/mpeg",
        "audio/mp4",
        "audio/ogg",
        "audio/flac",
        "audio/wav",
        "video/mp4",
        "video/webm",
        "video/ogg",
    }
)
# Named so that the right program opens them; never shown in a page.
KNOWN: Final = frozenset(
    {
        "application/pdf",
        "application/zip",
        "application/gzip",
        "application/rtf",
        "application/msword",
        "application/x-7z-compressed",
        "image/bmp",
        "image/vnd.adobe.photoshop",
        "video/quicktime",
        "video/x-matroska",
        "video/x-msvideo",
    }
)
_ALIASES: Final = {
    "image/jpg": "image/jpeg",
    "image/x-ms-bmp": "image/bmp",
    "image/heif": "image/heic",
    "image/x-photoshop": "image/vnd.adobe.photoshop",
    "audio/mp3": "audio/mpeg",
    "audio/wave": "audio/wav",
    "audio/x-wav": "audio/wav",
    "audio/x-flac": "audio/flac",
    "audio/x-m4a": "audio/mp4",
    "application/ogg": "audio/ogg",
    "application/x-gzip": "application/gzip",
    "application/x-matroska": "video/x-matroska",
    "application/vnd.rar": "application/x-rar-compressed",
    "video/avi": "video/x-msvideo",
}
_ZIPPED: Final = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".odp": "application/vnd.oasis.opendocument.presentation",
    ".epub": "application/epub+zip",
}
_OLD_OFFICE: Final = {
    ".doc": "application/msword",
    ".xls": "application/vnd.ms-excel",
    ".ppt": "application/vnd.ms-powerpoint",
}
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BRANDS: Final = {
    b"avis": "image/avif",
    b"heic": "image/heic",
    b"heix": "image/heic",
    b"mif1": "image/heic",
    b"msf1": "image/heic",
    b"qt  ": "video/quicktime",
    b"M4A ": "audio/mp4",
    b"M4B ": "audio/mp4",
}
# What a double click would run.
_PROGRAMS: Final = frozenset({
    "apk", "appimage", "bat", "bin", "cmd", "com", "cpl", "desktop", "dll", "dmg", "exe",
    "gadget", "hta", "inf", "jar", "js", "jse", "lnk", "msi", "msix", "msp", "pif", "pkg",
    "ps1", "psm1", "reg", "run", "scf", "scr", "sct", "sh", "url", "vb", "vbe", "vbs", "ws",
    "wsc", "wsf", "wsh", "xll",
})  # fmt: skip
_NATIVE: Final = (
    b"\x7fELF",
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
    b"L\x00\x00\x00\x01\x14\x02\x00",
)
_SUFFIXES: Final = {
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
    "image/webp": (".webp",),
}
_PICTURE_SUFFIXES: Final = frozenset(
    {".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif", ".jpe", ".tif", ".tiff"}
)


def clean_name(sent: str) -> str:
    """A name that says what it seems to say: no folders, no control or direction characters.

    At most :data:`MAX_NAME` characters, its ending kept; ``file`` where nothing is left.
    """
    last = unicodedata.normalize("NFC", sent).replace("\\", "/").rsplit("/", 1)[-1]
    # Cc, Cf (direction, zero width), Cs, Co, Cn, and line separators.
    seen = "".join(
        " " if char.isspace() else char
        for char in last
        if unicodedata.category(char)[0] != "C" and unicodedata.category(char) not in {"Zl", "Zp"}
    )
    name = " ".join(seen.split()).strip(". ").translate({ord(char): "_" for char in '<>:"|?*'})
    if len(name) > MAX_NAME:
        suffix = PurePosixPath(name).suffix
        suffix = suffix if len(suffix) <= 12 else ""  # noqa: PLR2004 - longer is no ending
        name = name[: MAX_NAME - len(suffix)].rstrip(". ") + suffix
    return name or "file"


def suffix_of(name: str) -> str:
    """What a name ends with, lower case, with the dot; empty without one."""
    return PurePosixPath(name).suffix.lower()


def name_for(name: str, content_type: str) -> str:
    """The name with the ending that a redrawn picture has."""
    fitting = _SUFFIXES.get(content_type, ())
    suffix = suffix_of(name)
    if not fitting or suffix in fitting:
        return name
    stem = name[: -len(suffix)] if suffix in _PICTURE_SUFFIXES else name
    return clean_name(stem[: MAX_NAME - 5] + fitting[0])


def is_program(name: str, head: bytes) -> bool:
    """Whether a double click on such a file would run it."""
    if suffix_of(name)[1:] in _PROGRAMS or head.startswith(_NATIVE):
        return True
    return head.startswith(b"MZ") and len(head) > 0x40 and b"PE\0\0" in head[:4096]  # noqa: PLR2004 - DOS header


def type_of(content: BinaryIO, name: str) -> str:
    """What a content is, by its own bytes; the name only tells office formats apart.

    Reads at most 64 KiB from the start.

    Returns:
        One of :data:`PICTURES`, :data:`UNDRAWN`, :data:`PLAYED`, :data:`KNOWN`, the types of
        office documents, ``text/plain``, or ``application/octet-stream`` for everything else.
    """
    content.seek(0)
    head = content.read(HEAD_BYTES)
    if head[4:8] == b"ftyp":
        if b"avif" in head[8:64]:
            return "image/avif"
        return _BRANDS.get(head[8:12], "video/mp4")
    if head.startswith(b"PK\x03\x04"):
        # Its directory is not read: a small archive may claim to have a million entries.
        return _ZIPPED.get(suffix_of(name), "application/zip")
    if head.startswith(_OLE):
        return _OLD_OFFICE.get(suffix_of(name), BYTES)
    found = _by_magic(head)
    if found in PICTURES | PLAYED | KNOWN:
        return found
    return TEXT if not found and _is_text(head) else BYTES


def _by_magic(head: bytes) -> str:
    """The first known type among what puremagic takes the content for; empty for no idea."""
    # Reads its tables at once, which takes longer than most of the server's other imports.
    import puremagic

    try:
        matches = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return ""
    types: list[str] = [_ALIASES.get(match.mime_type, match.mime_type) for match in matches]
    known = [each for each in types if each in PICTURES | PLAYED | KNOWN]
    # A guess that is no better than others is taken for what it could do worst: bytes.
    if known and types[0] in {known[0], ""}:
        return known[0]
    best = matches[0].confidence
    tied = {t for t, m in zip(types, matches, strict=True) if m.confidence == best}
    return next((each for each in known if each in tied), types[0] or BYTES)


def _is_text(head: bytes) -> bool:
    """Whether it is UTF-8 without control characters, and not markup that a browser would take."""
    if not head or b"\0" in head or head.lstrip()[:1] == b"<":
        return False
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        # The last character may be cut in two.
        return error.start >= len(head) - 3 and len(head) == HEAD_BYTES
    return True
