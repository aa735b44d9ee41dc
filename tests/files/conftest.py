"""Every test of files has a folder of its own."""

from pathlib import Path
from typing import Any

import pytest

from files import limits


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    """Where this test's files lie; nobody has announced anything yet."""
    settings.FILES = settings.FILES | {"parts": tmp_path / "unfinished"}
    kind = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    settings.STORAGES = settings.STORAGES | {
        "files": kind | {"OPTIONS": {"location": tmp_path / "kept"}}
    }
    limits.announcements._buckets.clear()
    limits.chunks._buckets.clear()
    return tmp_path


def kept(folder: Path) -> list[str]:
    """The names of all files below a folder, without their folders, sorted."""
    return sorted(path.name for path in folder.rglob("*") if path.is_file())
