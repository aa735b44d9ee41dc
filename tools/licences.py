"""Names every dependency's licence and fails on one that AGPL-3.0-or-later cannot take in.

``python -m tools.licences`` prints a line for every installed Python distribution and every npm
package of ``package-lock.json``, tools for development included, and exits with 1 when one has no
licence on the list below, by name. What may be combined follows the Free Software Foundation's
list of licences and their compatibility with the GNU licences, version 3.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent

COMPATIBLE: Final = frozenset({
    "0BSD", "AGPL-3.0-only", "AGPL-3.0-or-later", "Apache-2.0", "Artistic-2.0", "BlueOak-1.0.0",
    "BSD-2-Clause", "BSD-3-Clause", "BSL-1.0", "CC0-1.0", "CC-BY-4.0", "GPL-2.0-or-later",
    "GPL-3.0-only", "GPL-3.0-or-later", "HPND", "ISC", "LGPL-2.1-only", "LGPL-2.1-or-later",
    "LGPL-3.0-only", "LGPL-3.0-or-later", "MIT", "MIT-0", "MIT-CMU", "MPL-2.0", "OFL-1.1",
    "PSF-2.0", "Python-2.0", "TCL", "Unlicense", "Zlib", "ZPL-2.1",
})  # fmt: skip
"""SPDX identifiers."""

# What packages write instead of SPDX identifiers.
_NAMES: Final = {
    "Apache Software License": "Apache-2.0",
    "BSD": "BSD-3-Clause",
    "BSD 3-Clause": "BSD-3-Clause",
    "BSD License": "BSD-3-Clause",
    "BSD-0-Clause": "0BSD",
    "GNU Affero General Public License v3 or later (AGPLv3+)": "AGPL-3.0-or-later",
    "GNU Lesser General Public License v3 (LGPLv3)": "LGPL-3.0-only",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "The Unlicense (Unlicense)": "Unlicense",
}

REVIEWED: Final = {
    # Its classifiers add "Other/Proprietary" for a part that its LICENSE gives under MIT.
    "qrcode": "BSD-3-Clause",
}
"""Licences read by a person where a package's own words are unclear."""


@dataclass(frozen=True, slots=True)
class Dependency:
    """A package with the licence that it states."""

    registry: str
    name: str
    version: str
    licence: str

    def is_compatible(self) -> bool:
        """Whether the project may take it in."""
        return is_compatible(REVIEWED.get(self.name, self.licence))


def is_compatible(licence: str) -> bool:
    """Whether a licence is: SPDX with AND, OR, brackets, or classifiers cut at ``;`` (all count).

    An exception (WITH) only adds permissions. An identifier that is not listed is not compatible.
    """
    if ";" in licence:
        return all(is_compatible(part.strip()) for part in licence.split(";"))
    if licence in _NAMES:
        return True
    # Brackets first, each replaced by a licence that stands for its verdict.
    while found := re.search(r"\(([^()]*)\)", licence):
        verdict = "MIT" if is_compatible(found[1]) else "none"
        licence = licence[: found.start()] + verdict + licence[found.end() :]
    return any(
        all(_is_listed(part) for part in way.split(" AND ")) for way in licence.split(" OR ")
    )


def _is_listed(identifier: str) -> bool:
    name = identifier.partition(" WITH ")[0].strip()
    return _NAMES.get(name, name) in COMPATIBLE


def python_dependencies() -> Iterator[Dependency]:
    """Every distribution that is installed beside this Python."""
    command = [sys.executable, "-m", "piplicenses", "--format=json", "--from=mixed"]
    answer = subprocess.run(command, capture_output=True, check=True, text=True)  # noqa: S603
    for row in json.loads(answer.stdout):
        yield Dependency("PyPI", row["Name"], row["Version"], row["License"])


def npm_dependencies(lock: Path) -> Iterator[Dependency]:
    """Every package that a lock file (version 2 or 3) names."""
    for path, row in json.loads(lock.read_text(encoding="utf-8"))["packages"].items():
        if path:
            name = path.rpartition("node_modules/")[2]
            yield Dependency("npm", name, row["version"], row.get("license", "none stated"))


def main() -> int:
    """Print every dependency; the number of the process's exit."""
    found = [*python_dependencies(), *npm_dependencies(ROOT / "package-lock.json")]
    for each in found:
        sys.stdout.write(f"{each.registry}  {each.name} {each.version}: {each.licence}\n")
    refused = [each for each in found if not each.is_compatible()]
    for each in refused:
        sys.stderr.write(f"Not compatible with AGPL-3.0-or-later: {each.name} ({each.licence})\n")
    sys.stdout.write(f"{len(found)} dependencies, {len(refused)} not compatible.\n")
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
