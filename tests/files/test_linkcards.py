"""What a stranger's page says of itself comes out as plain, short words, whatever it is made of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from files.linkcards import LinkCard, card_of, decoded

URL = "https://example.org/a/page"


def test_what_a_page_says_in_its_head() -> None:
    html = """<!doctype html><title>Own title</title>
      <meta property="og:title" content="Puppets &amp; &lt;b&gt;shadows">
      <meta name="description" content="Plain">
      <meta property="og:description" content=" A
        festival "><meta property="og:site_name" content="Theatre">
      <meta property="og:image" content="../pictures/1.jpg">"""
    card = LinkCard(
        "Puppets & <b>shadows", "A festival", "Theatre", "https://example.org/pictures/1.jpg"
    )
    assert card_of(html, URL) == card


def test_a_plain_page_has_its_title_and_description() -> None:
    html = "<title>Näitus</title><meta name=Description content='Kõik on oodatud'>"
    assert card_of(html, URL) == LinkCard("Näitus", "Kõik on oodatud", "", "")


@pytest.mark.parametrize(
    "picture", ["javascript:alert(1)", "data:image/png;base64,x", "http://[bad", "ftp://x/y", " "]
)
def test_a_picture_is_an_address_of_the_web(picture: str) -> None:
    html = f'<meta property="og:image" content="{picture}">'
    assert card_of(html, URL).picture == ""


def test_words_are_short_and_of_one_line_and_direction() -> None:
    html = f"<title>{'x' * 5000}</title><meta name=description content='a\u202eb\x07c\u200bd'>"
    card = card_of(html, URL)
    assert (len(card.title), card.description) == (200, "a b c d")


@given(st.text(max_size=300))
def test_any_html_gives_a_card(html: str) -> None:
    card = card_of(html, URL)
    assert max(len(card.title), len(card.description), len(card.site)) <= 400


@pytest.mark.parametrize(
    ("body", "charset", "text"),
    [
        ("Łódź".encode(), "", "Łódź"),
        ("Łódź".encode("iso-8859-2"), "iso-8859-2", "Łódź"),
        ("Привет".encode("cp1251"), "windows-1251", "Привет"),
        ("Привет".encode("koi8-r"), "KOI8-R", "Привет"),
        ("“x”".encode("cp1252"), "iso-8859-1", "“x”"),
        (b"\xef\xbb\xbf" + "õ".encode(), "windows-1257", "õ"),
        ("\ufeffõ".encode("utf-16-le"), "", "õ"),
        (b"<meta charset=windows-1257>" + "š".encode("cp1257"), "", "<meta charset=windows-1257>š"),
        (b"<meta charset=utf-16>" + "š".encode(), "", "<meta charset=utf-16>š"),
        ("õ".encode(), "zlib", "õ"),
        ("õ".encode(), "unicode_escape", "õ"),
        (b"a\xff", "utf-8", "a\ufffd"),
    ],
)
def test_text_of_any_encoding_of_the_web(body: bytes, charset: str, text: str) -> None:
    assert decoded(body, charset) == text


@given(st.binary(max_size=200), st.text(max_size=20))
def test_any_bytes_are_some_text(body: bytes, charset: str) -> None:
    decoded(body, charset).encode("utf-8", "surrogatepass")
