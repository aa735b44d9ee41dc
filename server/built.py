"""Static files under the names that the build gave them, which hold a hash of their content.

A page and its script are always of one build: after an update the page names other files, and what
browsers keep for a year is never asked for again. Without a manifest (``npm run watch``, or nothing
built yet) files have their plain names and are asked for each time.
"""

import json
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.storage import StaticFilesStorage


class BuiltStorage(StaticFilesStorage):
    """Finds what a file is called in ``manifest.json``."""

    _names: dict[str, str] | None = None

    def url(self, name: str | None) -> str:
        """The address of a file by its plain name."""
        return super().url(self._known().get(name or "", name or ""))

    def _known(self) -> dict[str, str]:
        if self._names is None or settings.DEBUG:
            self._names = read_manifest(Path(settings.STATICFILES_DIRS[0]))
        return self._names


def read_manifest(folder: Path) -> dict[str, str]:
    """Plain names to hashed ones; nothing where the folder has no manifest."""
    try:
        names: dict[str, str] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return names
