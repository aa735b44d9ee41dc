"""Pages of REST lists, all with a bounded size.

``?limit=`` asks for a size up to the largest; a larger one gets the largest, anything else the
default. Lists that grow while they are read use cursors.
"""

from rest_framework.pagination import CursorPagination, PageNumberPagination

DEFAULT_SIZE = 50
LARGEST_SIZE = 200


class Pages(PageNumberPagination):
    """Numbered pages (``?page=``) with the total; for lists that people leaf through."""

    page_size = DEFAULT_SIZE
    max_page_size = LARGEST_SIZE
    page_size_query_param = "limit"


class Cursors(CursorPagination):
    """Pages by position (``?cursor=``), newest first: nothing is doubled or skipped by growth."""

    page_size = DEFAULT_SIZE
    max_page_size = LARGEST_SIZE
    page_size_query_param = "limit"
    ordering = "-id"
