"""Pages of profiles: one's own in the settings, anybody's, and pictures under their audience."""

import io
from typing import Any

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from members.models import Member, Profile, SpokenLanguage
from members.pictures import Size, picture_path
from members.queries import profile_now
from tests import factories

pytestmark = [pytest.mark.django_db(transaction=False), pytest.mark.usefixtures("site", "_files")]


@pytest.fixture
def _files(settings: Any, tmp_path: Any) -> None:
    """Files of the test's own."""
    settings.STORAGES = settings.STORAGES | {
        "files": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path, "base_url": None},
        }
    }


def photo(side: tuple[int, int] = (800, 600), colour: str = "teal") -> SimpleUploadedFile:
    """A photograph that says where it was taken."""
    buffer, exif = io.BytesIO(), Image.Exif()
    exif[0x010E] = "taken at home"
    Image.new("RGB", side, colour).save(buffer, "JPEG", exif=exif)
    return SimpleUploadedFile("me.jpg", buffer.getvalue(), "image/jpeg")


def send(client: Client, capture: Any, **form: Any) -> Any:
    """Send the picture page's form; what follows the commit is done, too."""
    with capture(execute=True):
        return client.post(reverse("members:own_picture"), form)


def own_address(member: Member) -> str:
    return profile_now(member).details.picture


def test_picture_is_drawn_anew_as_a_square(
    client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    member = factories.member()
    client.force_login(member)
    answer = send(client, django_capture_on_commit_callbacks, picture=photo())
    assert answer.status_code == 302
    digest = Profile.objects.get().picture
    for size in Size:
        with storages["files"].open(picture_path(member.pk, digest, size)) as file:
            data = file.read()
        assert b"taken at home" not in data
        with Image.open(io.BytesIO(data)) as shown:
            assert (shown.size, shown.format, dict(shown.getexif())) == ((size, size), "JPEG", {})
    got = client.get(own_address(member))
    assert (got.status_code, got["Content-Type"]) == (200, "image/jpeg")
    assert (got["X-Content-Type-Options"], got["Content-Security-Policy"]) == (
        "nosniff", "default-src 'none'; sandbox",
    )  # fmt: skip
    assert got["Cache-Control"].startswith("private")


def test_new_picture_takes_the_place_of_the_old_one(
    client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    member, capture = factories.member(), django_capture_on_commit_callbacks
    client.force_login(member)
    send(client, capture, picture=photo())
    old = own_address(member)
    send(client, capture, picture=photo(colour="red"))
    assert client.get(old).status_code == 404
    assert len(storages["files"].listdir(f"people/{member.pk}")[1]) == len(Size)
    send(client, capture, drop_picture="on")
    assert own_address(member) == ""
    assert storages["files"].listdir(f"people/{member.pk}")[1] == []


@pytest.mark.parametrize(
    "sent", [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a;;;", b"\xff\xd8\xff" * 40]
)
def test_what_is_no_picture_is_refused(
    client: Client, django_capture_on_commit_callbacks: Any, sent: bytes
) -> None:
    client.force_login(factories.member())
    upload = SimpleUploadedFile("me.jpg", sent, "image/jpeg")
    answer = send(client, django_capture_on_commit_callbacks, picture=upload)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["picture"])
    assert Profile.objects.count() == 0


def test_picture_is_for_its_audience(
    client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    member, capture = factories.member(), django_capture_on_commit_callbacks
    client.force_login(member)
    send(client, capture, picture=photo(), audience="members")
    address = own_address(member)
    reader = Client()
    assert reader.get(address).status_code == 404
    reader.force_login(factories.member())
    assert reader.get(address).status_code == 200
    send(client, capture, audience="nobody")
    assert (reader.get(address).status_code, client.get(address).status_code) == (404, 200)
    send(client, capture, audience="everyone")
    Profile.objects.update(name_audience="everyone")
    assert Client().get(address).status_code == 200
    member.consents.all().delete()
    assert (Client().get(address).status_code, reader.get(address).status_code) == (404, 404)
    assert client.get(address.replace("/96/", "/97/")).status_code == 404


def test_public_page_shows_what_is_for_everyone(client: Client) -> None:
    member = factories.member(name="Anna Tamm", organisation="Loomekeskus", languages=["et"])
    Profile.objects.create(
        member=member, about="Only members read this", interests="Letterpress",
        name_audience="everyone", interests_audience="everyone",
    )  # fmt: skip
    address = reverse("members:profile", args=[member.pk])
    page = client.get(address).content.decode()
    assert [words in page for words in ("Anna Tamm", "Letterpress")] == [True, True]
    assert [w in page for w in ("Only members", "Loomekeskus", "Estonia", "Tallinn")] == [False] * 4
    client.force_login(factories.member())
    page = client.get(address).content.decode()
    assert [words in page for words in ("Only members", "Loomekeskus")] == [True, True]


def test_stranger_cannot_tell_a_hidden_page_from_none(client: Client) -> None:
    member = factories.member()
    answers = [client.get(f"/members/{pk}/") for pk in (member.pk, member.pk + 1000)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert [answer["Location"] for answer in answers] == [
        f"/accounts/login/?next=/members/{pk}/" for pk in (member.pk, member.pk + 1000)
    ]


@pytest.mark.parametrize("consents", [[], ["directory"]])
def test_own_page_says_who_sees_it(client: Client, consents: list[str]) -> None:
    member = factories.member(consents=consents)
    client.force_login(member)
    page = client.get(reverse("members:profile", args=[member.pk])).content.decode()
    assert ("Only you see this page" in page) == (not consents)


def test_languages_are_saved_with_their_levels_best_first(client: Client) -> None:
    member = factories.member(languages=["et"])
    SpokenLanguage.objects.create(member=member, language="et")
    client.force_login(member)
    form = client.get(reverse("members:languages")).context["form"]
    assert len(form.rows()) == 4
    sent = {
        "language_0": "fi", "level_0": "A1", "language_1": "", "level_1": "C2",
        "language_2": "et", "level_2": "native", "language_3": "en", "level_3": "",
        "audience": "everyone",
    }  # fmt: skip
    assert client.post(reverse("members:languages"), sent).status_code == 302
    member.refresh_from_db()
    assert member.languages == ["et", "fi", "en"]
    assert list(SpokenLanguage.objects.values_list("language", "level")) == [
        ("et", "native"), ("fi", "A1"), ("en", ""),
    ]  # fmt: skip
    assert Profile.objects.get().languages_audience == "everyone"
    wrong = client.post(reverse("members:languages"), sent | {"language_0": "xx"})
    assert wrong.status_code == 422


def test_settings_keep_what_the_details_say_when_something_is_wrong(client: Client) -> None:
    member = factories.member()
    client.force_login(member)
    sent = {
        "name": "Anna", "country": "EE", "time_zone": "Europe/Tallinn",
        "links": "ftp://a.ee", "work_from": "09:00",
    }  # fmt: skip
    answer = client.post(reverse("members:account"), sent)
    assert answer.status_code == 422
    assert sorted(answer.context["form"].errors) == ["links", "work_from"]
    page = answer.content.decode()
    assert ("ftp://a.ee" in page, 'value="09:00"' in page) == (True, True)
    assert Profile.objects.count() == 0
