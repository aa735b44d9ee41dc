"""``docs/settings.md`` lists what ``server/environment.py`` reads, with its defaults."""

from server.environment import VARIABLES
from tests.docs.reading import code_of, rows_of, text_of


def test_every_variable_stands_there_once_with_its_default() -> None:
    rows = rows_of(text_of("docs/settings.md"))
    said = sorted((code_of(name), code_of(default)) for name, default, _purpose in rows)
    assert said == sorted((variable.name, variable.default) for variable in VARIABLES)


def test_every_variable_has_a_purpose() -> None:
    rows = rows_of(text_of("docs/settings.md"))
    assert [name for name, _default, purpose in rows if not purpose] == []
