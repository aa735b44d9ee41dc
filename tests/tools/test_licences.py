"""No dependency has a licence that the project's own cannot take in."""

import json
from pathlib import Path

import pytest

from tools import licences


@pytest.mark.parametrize(
    "licence",
    [
        "MIT",
        "MIT License",
        "Mozilla Public License 2.0 (MPL 2.0)",
        "Apache-2.0 OR SSPL-1.0",
        "MIT AND PSF-2.0",
        "(MIT OR SSPL-1.0) AND ISC",
        "(MIT OR (SSPL-1.0 AND ISC))",
        "GPL-3.0-only WITH Classpath-exception-2.0",
        "Apache Software License; BSD License",
    ],
)
def test_compatible_licences_are_taken(licence: str) -> None:
    assert licences.is_compatible(licence) is True


@pytest.mark.parametrize(
    "licence",
    [
        "",
        "UNKNOWN",
        "none stated",
        "SSPL-1.0",
        "GPL-2.0-only",
        "CC-BY-NC-4.0",
        "MIT AND SSPL-1.0",
        "(SSPL-1.0 OR BUSL-1.1) AND ISC",
        "BSD License; Other/Proprietary License",
    ],
)
def test_other_licences_are_refused(licence: str) -> None:
    assert licences.is_compatible(licence) is False


def test_npm_packages_are_read_from_the_lock_file(tmp_path: Path) -> None:
    lock = tmp_path / "package-lock.json"
    packages = {
        "": {"name": "own"},
        "node_modules/a": {"version": "1.0.0", "license": "MIT"},
        "node_modules/a/node_modules/@b/c": {"version": "2.0.0"},
    }
    lock.write_text(json.dumps({"packages": packages}))
    assert list(licences.npm_dependencies(lock)) == [
        licences.Dependency("npm", "a", "1.0.0", "MIT"),
        licences.Dependency("npm", "@b/c", "2.0.0", "none stated"),
    ]


def test_every_dependency_is_compatible(capsys: pytest.CaptureFixture[str]) -> None:
    assert licences.main() == 0
    printed = capsys.readouterr().out
    assert "PyPI  Django " in printed
    assert "npm  esbuild " in printed
