"""Catalogues: extraction, completeness and compiling, on a small tree of their own."""

import os
import shutil
from gettext import GNUTranslations
from pathlib import Path

import pytest
from babel.messages.catalog import Message

from server import messages

needs_gettext = pytest.mark.skipif(
    shutil.which("xgettext") is None and os.environ.get("CI") != "true",
    reason="GNU gettext is not installed",
)
HEADER = messages.HEADER.format(language="de", plural_forms="nplurals=2; plural=(n != 1);")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """One package with a page and a module, and no catalogue yet."""
    package = tmp_path / "harbour"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "pages.py").write_text(
        "from django.utils.translation import gettext as _, ngettext\n"
        "a = _('Good morning, {name}.')\n"
        "def b(n): return ngettext('One ship', '%(number)s ships', n) % {'number': n}\n"
    )
    (package / "page.html").write_text("{% load i18n %}{% translate 'Anchor' %}")
    return tmp_path


def german(tree: Path, *entries: str) -> None:
    """Write the German catalogue."""
    po = messages.catalogue(tree, "de")
    po.parent.mkdir(parents=True, exist_ok=True)
    po.write_text("\n\n".join([HEADER, *entries]) + "\n", encoding="utf-8")


ANCHOR = 'msgid "Anchor"\nmsgstr "Anker"'
MORNING = '#, python-brace-format\nmsgid "Good morning, {name}."\nmsgstr "Guten Morgen, {name}."'
SHIPS = (
    '#, python-format\nmsgid "One ship"\nmsgid_plural "%(number)s ships"\n'
    'msgstr[0] "Ein Schiff"\nmsgstr[1] "%(number)s Schiffe"'
)


@needs_gettext
def test_complete_german_has_no_findings(tree: Path) -> None:
    german(tree, ANCHOR, MORNING, SHIPS)
    assert messages.findings(tree) == []


@needs_gettext
def test_check_names_what_is_missing_untranslated_fuzzy_and_obsolete(tree: Path) -> None:
    german(
        tree,
        'msgid "Anchor"\nmsgstr ""',
        MORNING.replace("#, python", "#, fuzzy, python"),
        'msgid "Some quite different sentence"\nmsgstr "Ein ganz anderer Satz"',
    )
    assert sorted(messages.findings(tree)) == [
        "de: fuzzy: 'Good morning, {name}.'",
        "de: missing: 'One ship'",
        "de: not translated: 'Anchor'",
        "de: obsolete: 'Some quite different sentence'",
    ]


@needs_gettext
def test_check_names_placeholders_that_differ(tree: Path) -> None:
    german(tree, ANCHOR, MORNING.replace("Morgen, {name}", "Morgen, {nmae}"), SHIPS)
    assert messages.findings(tree) == ["de: placeholders differ: 'Good morning, {name}.'"]


@pytest.mark.parametrize(
    ("english", "german", "same"),
    [
        ("Hello {name}", "Hallo {name}", True),
        ("Hello {name}", "Hallo", False),
        ("%(a)s of %(b)d", "%(b)d von %(a)s", True),
        ("%(a)s of %(b)d", "%(b)d von %(c)s", False),
        (("One ship", "%(n)s ships"), ("Ein Schiff", "%(n)s Schiffe"), True),
        (("%(n)s ship", "%(n)s ships"), ("%(n)s Schiff", "%(n)s Schiffe"), True),
        (("One ship", "%(n)s ships"), ("Ein Schiff", "Schiffe"), False),
        (("One ship", "%(n)s ships"), ("Ein Schiff", ""), True),
    ],
)
def test_placeholders_are_those_of_the_english_text(
    english: str | tuple[str, str], german: str | tuple[str, str], *, same: bool
) -> None:
    message = Message(english, german)
    assert messages.has_its_placeholders(message) is same


@needs_gettext
def test_update_prepares_every_language_and_says_the_same_twice(tree: Path) -> None:
    german(tree, SHIPS, MORNING, 'msgid "Gone"\nmsgstr "Weg"')
    messages.update(tree)
    once = {po: po.read_text() for po in tree.glob("locale/*/LC_MESSAGES/django.po")}
    assert {po.parent.parent.name for po in once} == {*messages.COMPLETE, *messages.PREPARED}
    text = once[messages.catalogue(tree, "de")]
    ids = [line for line in text.splitlines() if line.startswith("msgid ")]
    assert ids == [
        'msgid ""',
        'msgid "Anchor"',
        'msgid "Good morning, {name}."',
        'msgid "One ship"',
    ]
    assert "#:" not in text
    assert "Creation-Date" not in text
    assert 'msgstr[1] "%(number)s Schiffe"' in text
    polish = messages.read(messages.catalogue(tree, "pl"))
    assert polish.num_plurals == 4
    messages.update(tree)
    assert {po: po.read_text() for po in once} == once


def test_compile_makes_what_is_older_and_leaves_out_what_is_not_sure(tree: Path) -> None:
    fuzzy = MORNING.replace("#, python", "#, fuzzy, python")
    german(tree, ANCHOR, fuzzy, SHIPS, 'msgctxt "of a ship"\nmsgid "Name"\nmsgstr "Schiffsname"')
    mo = messages.catalogue(tree, "de").with_suffix(".mo")
    assert messages.compile_all(tree) == [mo]
    with mo.open("rb") as file:
        said = GNUTranslations(file)
    assert said.gettext("Anchor") == "Anker"
    assert said.gettext("Good morning, {name}.") == "Good morning, {name}."
    assert said.ngettext("One ship", "%(number)s ships", 2) == "%(number)s Schiffe"
    assert said.pgettext("of a ship", "Name") == "Schiffsname"
    assert messages.compile_all(tree) == []
    os.utime(mo, (1, 1))
    assert messages.compile_all(tree) == [mo]


@pytest.mark.parametrize(("ci", "status"), [("true", 1), ("", 0)])
def test_check_without_gettext_skips_aloud_but_not_in_ci(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], ci: str, status: int
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("CI", ci)
    assert messages.main(["check"]) == status
    assert capsys.readouterr().err == (
        "check skipped: GNU gettext is missing (xgettext, msguniq, msgmerge, msgattrib)\n"
    )
