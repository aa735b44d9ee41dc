"""What files look like on the wire."""

import msgspec


class FileCard(msgspec.Struct, frozen=True, kw_only=True):
    """A file as readers of its place see it.

    Attributes:
        id: A UUID.
        type: Its media type, found by content; what a page must not run is
            `application/octet-stream`.
        width: Of a picture that was drawn anew, in pixels; null for everything else.
        alt: What a picture shows, in words; may be empty.
        url: Where it is read; asks every time who reads.
        thumbnail: A still, small WebP of a picture; null for everything else.
        plays: Whether browsers play it themselves (sound or film).
    """

    id: str
    name: str
    type: str
    size_bytes: int
    width: int | None
    height: int | None
    alt: str
    url: str
    thumbnail: str | None
    plays: bool


class Upload(msgspec.Struct, frozen=True, kw_only=True):
    """An upload as its owner sees it.

    Attributes:
        state: `uploading`, `ready` or `refused`.
        offset: How many bytes have come; the next ones go there.
        length: How many are to come in all.
        chunk_bytes: How many to send at once.
        account: What it counts for, e.g. `organisation:3`.
        error: Why it was refused, as a problem would say; null otherwise.
        file: What it became; null until it is ready.
    """

    id: str
    name: str
    state: str
    offset: int
    length: int
    chunk_bytes: int
    account: str
    alt: str
    error: dict[str, str] | None
    file: FileCard | None


class AnnounceFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file that is to come: 1 byte to 20 MB.

    Attributes:
        type: What the sender takes it for; the content decides.
        account: What it is to count for; empty: one's organisation, else oneself.
        alt: What a picture shows, in words.
    """

    name: str
    size_bytes: int
    type: str = ""
    account: str = ""
    alt: str = ""


class DescribeFile(msgspec.Struct, frozen=True, kw_only=True):
    """What a picture shows, in up to 1,000 characters."""

    alt: str


class AccountUse(msgspec.Struct, frozen=True, kw_only=True):
    """How much of its quota an account has taken."""

    account: str
    used_bytes: int
    quota_bytes: int


class Uploads(msgspec.Struct, frozen=True, kw_only=True):
    """One page of one's own files that belong to nothing yet, and one's accounts."""

    count: int
    next: str | None
    previous: str | None
    results: list[Upload]


class Accounts(msgspec.Struct, frozen=True, kw_only=True):
    """The accounts whose quota one may use, the usual one first."""

    results: list[AccountUse]
