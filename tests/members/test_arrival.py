"""The first run of an instance."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image
from PIL.ExifTags import Base

from members.models import Member, SiteSettings
from members.vocabulary import Registration
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _data(settings: Any, tmp_path: Any) -> None:
    """Uploads go to a folder of this test; the instance is bound to loopback."""
    settings.MEDIA_ROOT = tmp_path
    settings.SETUP_CODE = ""


def values(**others: Any) -> dict[str, Any]:
    """What a good set-up form says."""
    return {
        "site_name": "Hafen Nord",
        "languages": ["en", "de"],
        "registration": "approval",
        "name": "Katrin Vogel",
        "email": "Katrin@Example.org",
        "password": "quiet-harbour-29",
    } | others


def photograph(kind: str = "JPEG") -> SimpleUploadedFile:
    """A picture that says where it was taken."""
    exif = Image.Exif()
    exif[Base.ImageDescription] = "SECRET PLACE"
    buffer = BytesIO()
    Image.new("RGB", (900, 300), "teal").save(buffer, kind, exif=exif)
    return SimpleUploadedFile("logo.jpg", buffer.getvalue())


@pytest.mark.parametrize("path", ["/", "/members/", "/accounts/login/", "/staff/"])
def test_every_page_leads_to_the_set_up(client: Client, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer["Location"]) == (302, "/setup/")


def test_programs_get_their_own_answers(client: Client) -> None:
    assert client.get("/api/v1/me/").status_code in {401, 403}


def test_set_up_writes_settings_and_signs_staff_in(client: Client) -> None:
    assert client.get("/setup/").status_code == 200
    answer = client.post("/setup/", values(logo=photograph()))
    assert (answer.status_code, answer["Location"]) == (302, "/")
    site, member = SiteSettings.objects.get(), Member.objects.get()
    assert (site.name, site.languages, site.registration, site.is_set_up) == (
        "Hafen Nord", ["en", "de"], "approval", True,
    )  # fmt: skip
    assert (member.email, member.is_staff, member.is_superuser) == (
        "katrin@example.org", True, True,
    )  # fmt: skip
    assert client.get(reverse("members:staff_site")).status_code == 200
    kept = Path(site.logo.path)
    with Image.open(kept) as logo:
        assert (logo.format, logo.size, dict(logo.getexif())) == ("PNG", (512, 171), {})
    assert b"SECRET" not in kept.read_bytes()


def test_set_up_works_once(client: Client) -> None:
    client.post("/setup/", values())
    answer = Client().post("/setup/", values(email="thief@example.org"))
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert list(Member.objects.values_list("email", flat=True)) == ["katrin@example.org"]


def test_set_up_is_refused_where_members_exist(client: Client) -> None:
    factories.member()
    assert client.post("/setup/", values())["Location"] == "/"
    assert Member.objects.count() == 1


@pytest.mark.parametrize("code", ["", "wrong"])
def test_set_up_on_a_network_needs_the_code(client: Client, settings: Any, code: str) -> None:
    settings.SETUP_CODE = "from-the-log"
    answer = client.post("/setup/", values(code=code))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["code"])
    assert not Member.objects.exists()
    assert client.post("/setup/", values(code=" from-the-log "))["Location"] == "/"


@pytest.mark.parametrize(
    ("field", "value"),
    [("password", "12345678"), ("password", "katrin@example.org"), ("email", "x"), ("name", ""),
     ("site_name", ""), ("registration", "never"), ("languages", ["xx"])],
)  # fmt: skip
def test_set_up_keeps_what_was_typed(client: Client, field: str, value: Any) -> None:
    answer = client.post("/setup/", values(**{field: value}))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert not SiteSettings.objects.filter(is_set_up=True).exists()
    assert not Member.objects.exists()


@pytest.mark.parametrize(
    "sent",
    [
        SimpleUploadedFile("logo.png", b"not a picture"),
        SimpleUploadedFile("logo.png", b"<svg xmlns='http://www.w3.org/2000/svg'></svg>"),
        SimpleUploadedFile("logo.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 3_000_000),
    ],
    ids=["text", "svg", "large"],
)
def test_set_up_refuses_what_is_no_picture(client: Client, sent: SimpleUploadedFile) -> None:
    answer = client.post("/setup/", values(logo=sent))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["logo"])
    assert not Member.objects.exists()


def test_logo_is_replaced_and_removed(
    client: Client, site: SiteSettings, tmp_path: Any, django_capture_on_commit_callbacks: Any
) -> None:
    client.force_login(factories.member(is_staff=True))
    address = reverse("members:staff_site")
    form = {"site_name": "Nord", "languages": ["en"], "registration": "open"}
    client.post(address, form | {"logo": photograph("PNG")})
    assert len(list((tmp_path / "site").iterdir())) == 1
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address, form | {"drop_logo": "on"})
    site.refresh_from_db()
    assert (site.logo.name, list((tmp_path / "site").iterdir())) == ("", [])


@pytest.mark.usefixtures("site")
def test_settings_of_the_site_notice_what_another_changed(client: Client) -> None:
    client.force_login(factories.member(is_staff=True))
    address = reverse("members:staff_site")
    seen = client.get(address).context["form"]["seen"].value()
    SiteSettings.objects.update(registration=Registration.INVITATION)
    typed = {"site_name": "Nord", "languages": ["en"], "registration": "open", "seen": seen}
    refused = client.post(address, typed)
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["__all__"])
    assert SiteSettings.objects.get().registration == Registration.INVITATION
    fresh = refused.context["form"]["seen"].value()
    assert client.post(address, typed | {"seen": fresh}).status_code == 302
    assert SiteSettings.objects.get().name == "Nord"
