"""What hostile and broken contents become: pixels and nothing else, a download, or a reason."""

import struct
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from django.test import Client
from PIL import Image

from files.models import File
from tests import factories
from tests.files.conftest import kept
from tests.files.pictures import CANARY, animation, bomb, located, picture
from tests.files.test_api import upload

pytestmark = pytest.mark.django_db
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><title>x</title><script>alert(1)</script>"


@pytest.fixture(autouse=True)
def _anna(client: Client) -> None:
    client.force_login(factories.member())


def bytes_of(done: dict[str, Any]) -> bytes:
    with storages["files"].open(File.objects.get(pk=done["id"]).stored) as content:
        return bytes(content.read())


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


PNG = picture("PNG")
POLYGLOTS = {
    "gif with a script": b"GIF89a/*" + picture("GIF")[8:] + b"*/=1;alert(1)//" + HTML,
    "jpeg with an archive": picture("JPEG") + b"PK\x03\x04" + CANARY,
    "jpeg with a page in its comment": picture("JPEG", comment=HTML + CANARY),
    "png with a page behind it": PNG + HTML + CANARY,
    "png with text in it": PNG[:33] + chunk(b"tEXt", b"Comment\0" + CANARY) + PNG[33:],
    "webp with exif": picture("WEBP", exif=b"Exif\0\0" + CANARY),
    "jpeg with xmp": picture("JPEG", xmp=b"<x:xmpmeta>" + CANARY + b"</x:xmpmeta>"),
    "photo with place and camera": located(),
}


@pytest.mark.parametrize("content", POLYGLOTS.values(), ids=POLYGLOTS.keys())
def test_nothing_of_a_polyglot_stays_but_pixels(
    client: Client, content: bytes, folder: Path
) -> None:
    done = upload(client, content, "harbour.html.jpg")
    all_bytes = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert (done["state"], done["file"]["type"][:6], len(kept(folder))) == ("ready", "image/", 2)
    hidden = [each for each in (CANARY, b"<script", b"PK\x03\x04", b"Exif") if each in all_bytes]
    assert hidden == []


BROKEN = {
    "a broken png": (b"\x89PNG\r\n\x1a\n" + b"\0" * 500, "files.picture_unreadable"),
    "half a jpeg": (picture("JPEG", (900, 900))[:400], "files.picture_unreadable"),
    "half a png": (picture("PNG", (900, 900))[:-60], "files.picture_unreadable"),
    "a gif of nothing": (b"GIF89a", "files.picture_unreadable"),
    "900 million pixels": (bomb(), "files.picture_too_large"),
    "an animation without end": (animation(frames=601, size=(2, 2)), "files.picture_too_large"),
    "a program": (b"MZ" + b"\0" * 200 + b"PE\0\0" + b"\0" * 99, "files.type_refused"),
    "a program of Linux": (b"\x7fELF" + b"\0" * 99, "files.type_refused"),
}


@pytest.mark.parametrize(("content", "code"), BROKEN.values(), ids=BROKEN.keys())
def test_broken_and_dangerous_files_are_refused_with_a_reason(
    client: Client, content: bytes, code: str, folder: Path
) -> None:
    done = upload(client, content, "harbour.png")
    assert (done["state"], done["error"]["code"], done["file"]) == ("refused", code, None)
    assert kept(folder) == []


DOWNLOADS = {
    "svg": (SVG, "logo.svg", "application/octet-stream"),
    "svg called png": (SVG, "logo.png", "application/octet-stream"),
    "svg with a declaration": (b"<?xml version='1.0'?>" + SVG, "a.svg", "application/octet-stream"),
    "html": (HTML, "page.html", "application/octet-stream"),
    "html called jpg": (HTML, "page.jpg", "application/octet-stream"),
    "html called txt": (b"\n  " + HTML, "page.txt", "application/octet-stream"),
    "xhtml": (b"<?xml version='1.0'?><html xmlns='x'/>", "a.xhtml", "application/octet-stream"),
    "html behind a byte order mark": (b"\xef\xbb\xbf" + HTML, "a.txt", "application/octet-stream"),
    "pdf with a page": (b"%PDF-1.4\n" + HTML, "a.pdf", "application/pdf"),
    "words": ("Žluťoučký kůň, Привет".encode(), "a.txt", "text/plain"),
    "bytes": (b"\0\1\2\3\xff", "a.bin.dat", "application/octet-stream"),
}


@pytest.mark.parametrize(("content", "name", "kind"), DOWNLOADS.values(), ids=DOWNLOADS.keys())
def test_what_a_page_could_run_is_a_download(
    client: Client, content: bytes, name: str, kind: str
) -> None:
    done = upload(client, content, name)
    assert (done["state"], done["file"]["type"], bytes_of(done)) == ("ready", kind, content)
    answer = client.head(done["file"]["url"])
    assert (answer["Content-Disposition"].split(";")[0], answer["Content-Type"]) == (
        "attachment", kind,
    )  # fmt: skip
    assert (answer["X-Content-Type-Options"], "sandbox" in answer["Content-Security-Policy"]) == (
        "nosniff", True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Windows\\plan.pdf", "plan.pdf"),
        ("plan\u202efdp.pdf", "planfdp.pdf"),
        ("plan\x00\x07\n.pdf", "plan.pdf"),
        ("\u200b\u2066 .. ", "file"),
        ("Отчёт — Õhtu (2).pdf", "Отчёт — Õhtu (2).pdf"),
        ("x" * 500 + ".pdf", "x" * 146 + ".pdf"),
        ('plan<b>"|?*.pdf', "plan_b_____.pdf"),
        ("e\u0301te\u0301.pdf", "été.pdf"),
        ("  a   b .pdf ", "a b .pdf"),
    ],
)
def test_names_say_what_they_seem_to_say(client: Client, sent: str, name: str) -> None:
    done = upload(client, b"%PDF-1.4\n", sent)
    assert (done["name"], done["file"]["name"]) == (name, name)


@pytest.mark.parametrize(
    "name", ["plan.pdf.exe", "PLAN.SCR", "a.lnk", "x.hta", "plan.jpg.js", "a.exe. ", "b.ps1"]
)
def test_names_of_programs_are_refused(client: Client, name: str) -> None:
    answer = client.post("/api/v1/files/", {"name": name, "size_bytes": 9}, "application/json")
    assert (answer.status_code, answer.json()["code"]) == (422, "files.type_refused")
    assert File.objects.count() == 0


@pytest.mark.parametrize(
    ("kind", "name", "kept_as", "type_"),
    [
        ("JPEG", "a.JPEG", "a.JPEG", "image/jpeg"),
        ("PNG", "a.jpg", "a.png", "image/png"),
        ("GIF", "a.gif", "a.png", "image/png"),
        ("AVIF", "a", "a.jpg", "image/jpeg"),
        ("WEBP", "v1.2", "v1.2.jpg", "image/jpeg"),
        ("TIFF", "scan.tiff", "scan.png", "image/png"),
    ],
)
def test_pictures_get_the_ending_of_what_they_are(
    client: Client, kind: str, name: str, kept_as: str, type_: str
) -> None:
    done = upload(client, picture(kind), name)["file"]
    assert (done["name"], done["type"], done["width"], done["height"]) == (kept_as, type_, 64, 48)


def test_scan_loses_what_it_says_beside_its_pixels(client: Client, folder: Path) -> None:
    data = picture("TIFF", tiffinfo={270: CANARY.decode(), 315: CANARY.decode()})
    assert CANARY in data
    done = upload(client, data, "a.tif")
    assert (done["state"], CANARY in bytes_of(done)) == ("ready", False)
    assert [CANARY in path.read_bytes() for path in folder.rglob("*") if path.is_file()] == [
        False,
        False,
    ]


def test_several_pages_would_be_lost_and_are_refused(client: Client, folder: Path) -> None:
    pages = [Image.new("L", (8, 6), tone) for tone in (0, 90)]
    buffer = BytesIO()
    pages[0].save(buffer, "TIFF", save_all=True, append_images=pages[1:])
    done = upload(client, buffer.getvalue(), "a.tif")
    assert (done["state"], done["error"]["code"]) == ("refused", "files.picture_unreadable")
    assert kept(folder) == []


@pytest.mark.parametrize("brand", [b"heic", b"heix", b"mif1", b"msf1"])
def test_photo_that_cannot_be_drawn_anew_is_refused(
    client: Client, folder: Path, brand: bytes
) -> None:
    data = b"\0\0\0\x18ftyp" + brand + b"\0\0\0\0mif1heic" + CANARY
    done = upload(client, data, "IMG_1.HEIC")
    assert (done["state"], done["error"]["code"]) == ("refused", "files.picture_undrawn")
    assert kept(folder) == []


def test_photo_is_turned_upright(client: Client) -> None:
    done = upload(client, located((64, 48), 6), "a.jpg")
    assert (done["file"]["width"], done["file"]["height"]) == (48, 64)


def test_animation_stays_one_with_a_still_thumbnail(client: Client) -> None:
    done = upload(client, animation(frames=4), "a.gif")
    with storages["files"].open(File.objects.get().stored_thumbnail) as small:
        facts = [facts_of(bytes_of(done)), facts_of(small.read())]
    assert facts == [("WEBP", 4), ("WEBP", 1)]
    assert (done["file"]["name"], done["file"]["type"]) == ("a.webp", "image/webp")


def facts_of(content: bytes) -> tuple[str | None, int]:
    """The format of a picture and how many frames it has."""
    drawn: Any
    with Image.open(BytesIO(content)) as drawn:
        return drawn.format, drawn.n_frames


def test_large_picture_gets_smaller(client: Client) -> None:
    done = upload(client, picture("JPEG", (5000, 2500)), "a.jpg")["file"]
    assert (done["width"], done["height"]) == (4096, 2048)
    with (
        storages["files"].open(File.objects.get().stored_thumbnail) as small,
        Image.open(small) as thumbnail,
    ):
        assert thumbnail.size == (640, 320)
