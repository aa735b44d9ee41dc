"""What is kept of a member's profile beyond the account: all of it goes with the member."""

from collections.abc import Iterator

from django.core.files.storage import storages

from base.personal import (
    ERASED,
    ExportFile,
    Holdings,
    Texts,
    as_file,
    as_json,
    delete_all,
    register_holdings,
)
from members.models import FIELDS, Profile, ProfileSector, SpokenLanguage
from members.pictures import Size, delete_picture, picture_path

WORDS = ("pronouns", "work_days", "work_from", "work_until", "interests", "about", "links")


def export(member_id: int) -> Iterator[ExportFile]:
    """The profile with its audiences, languages and sectors, and the picture."""
    own = Profile.objects.filter(member=member_id)
    yield as_json("account/profile.json", own.values(*WORDS, *(f"{f}_audience" for f in FIELDS)))
    spoken = SpokenLanguage.objects.filter(member=member_id)
    yield as_json("account/languages.json", spoken.values("language", "level"))
    sectors = ProfileSector.objects.filter(member=member_id)
    yield as_json("account/interests.json", sectors.values("code"))
    for digest in own.exclude(picture="").values_list("picture", flat=True):
        path = picture_path(member_id, digest, Size.LARGE)
        yield as_file("account/picture.jpg", storages["files"], path)


def erase(member_id: int, _texts: Texts) -> Iterator[None]:
    """Delete the picture, then the rows."""
    for digest in Profile.objects.filter(member=member_id).values_list("picture", flat=True):
        delete_picture(member_id, digest)
    yield from delete_all(Profile.objects.filter(member=member_id))
    yield from delete_all(ProfileSector.objects.filter(member=member_id))
    yield from delete_all(SpokenLanguage.objects.filter(member=member_id))


register_holdings(
    Holdings(
        name="members.profiles",
        columns={
            "members.Profile.member": ERASED,
            "members.Profile.pronouns": ERASED,
            "members.Profile.picture": ERASED,
            "members.Profile.work_days": ERASED,
            "members.Profile.interests": ERASED,
            "members.Profile.folded": ERASED,
            "members.Profile.about": ERASED,
            "members.Profile.links": ERASED,
            "members.ProfileSector.member": ERASED,
            "members.ProfileSector.code": ERASED,
            "members.SpokenLanguage.member": ERASED,
            "members.SpokenLanguage.language": ERASED,
        },
        export=export,
        erase=erase,
    )
)
