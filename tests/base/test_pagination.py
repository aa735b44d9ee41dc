"""No REST list is longer than the largest page, whatever is asked for."""

import pytest
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from base.pagination import DEFAULT_SIZE, LARGEST_SIZE, Cursors, Pages


@pytest.mark.parametrize("pages", [Pages, Cursors])
@pytest.mark.parametrize(
    ("asked", "size"),
    [
        ("", DEFAULT_SIZE),
        ("?limit=7", 7),
        ("?limit=200", LARGEST_SIZE),
        ("?limit=201", LARGEST_SIZE),
        ("?limit=0", DEFAULT_SIZE),
        ("?limit=-1", DEFAULT_SIZE),
        ("?limit=x", DEFAULT_SIZE),
    ],
)
def test_the_size_of_a_page_is_bounded(
    pages: type[Pages] | type[Cursors], asked: str, size: int
) -> None:
    request = Request(APIRequestFactory().get(f"/{asked}"))
    assert pages().get_page_size(request) == size


def test_a_page_holds_what_was_asked_for() -> None:
    request = Request(APIRequestFactory().get("/?limit=2&page=2"))
    pages = Pages()
    assert pages.paginate_queryset(list(range(5)), request) == [2, 3]
    answer = pages.get_paginated_response([2, 3]).data
    assert answer["count"] == 5
