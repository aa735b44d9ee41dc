"""Who has a page for the reader, and the picture beside their name, as every list asks for it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from members.models import Member
from members.models.profiles import Profile
from members.queries.profiles import faces
from members.vocabulary import Audience
from tests import factories

pytestmark = pytest.mark.django_db


def drawn(audience: Audience = Audience.MEMBERS, **values: Any) -> Member:
    """Somebody with a picture for that audience."""
    member = factories.member(**values)
    Profile.objects.update_or_create(
        member=member, defaults={"picture": "a" * 32, "picture_audience": audience}
    )
    return member


def test_only_whose_page_opens_has_a_face_and_only_who_sees_it_a_picture() -> None:
    reader = factories.member()
    shown, kept, plain = drawn(), drawn(Audience.NOBODY), factories.member()
    hidden, gone = drawn(), drawn(is_active=False)
    Profile.objects.filter(member=hidden).update(name_audience=Audience.NOBODY)
    asked = [each.pk for each in (shown, kept, plain, hidden, gone)]
    address = f"/members/{shown.pk}/picture/{'a' * 32}/96/"
    assert faces(reader, [*asked, 10**17]) == {shown.pk: address, kept.pk: "", plain.pk: ""}
    assert faces(reader, []) == {}
    client = Client()
    path = f"/api/v1/members/faces/?ids={','.join(map(str, asked))},x,,-1,{10**30},٣"
    assert client.get(path).status_code == 401
    client.force_login(reader)
    assert client.get(path).json() == {str(shown.pk): address, str(kept.pk): "", str(plain.pk): ""}
    assert client.get("/api/v1/members/faces/").json() == {}


@pytest.mark.parametrize("count", [1, 3])
def test_faces_cost_three_queries(
    django_assert_num_queries: Callable[[int], Any], count: int
) -> None:
    reader = factories.member()
    ids = [drawn(organisation=f"House {n}").pk for n in range(count)]
    with django_assert_num_queries(3):
        assert len(faces(reader, ids)) == count
