"""``python -m server.messages compile|update|check``: the catalogues of the interface's languages.

Invariants: English in the source is the key; German is complete; every other language of the site
has a catalogue, however little of it is translated. Compiling needs Babel alone. Reading the
strings out of the source is Django's makemessages over GNU gettext, always on a copy of the source
in a temporary folder, so that nobody meets its intermediate files.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

import django
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
COMPLETE = ("de",)
PREPARED = ("da", "et", "fi", "lt", "lv", "pl", "ru", "sv")
UNREAD = frozenset({"benchmarks", "tests", "tools"})
GETTEXT = ("xgettext", "msguniq", "msgmerge", "msgattrib")
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")
HEADER = """\
msgid ""
msgstr ""
"Project-Id-Version: Creative Ports\\n"
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural_forms}\\n"
"""
ADVICE = """\
Run `make messages` (GNU gettext is needed), complete locale/de/LC_MESSAGES/django.po as
docs/translating.md says, then `make check` again."""


def catalogue(root: Path, language: str) -> Path:
    """Where the texts of a language stand below the root of a tree."""
    return root / "locale" / language / "LC_MESSAGES" / "django.po"


def read(po: Path) -> Catalog:
    """The catalogue of a file."""
    with po.open("rb") as file:
        return read_po(file)


def compile_all(root: Path = ROOT) -> list[Path]:
    """Make the binary catalogue of each that is newer than its own; returns those it made."""
    made = []
    for po in sorted(root.glob("locale/*/LC_MESSAGES/*.po")):
        mo = po.with_suffix(".mo")
        if mo.exists() and mo.stat().st_mtime >= po.stat().st_mtime:
            continue
        draft = mo.with_suffix(f".{os.getpid()}")
        with draft.open("wb") as file:
            write_mo(file, read(po))
        draft.replace(mo)
        made.append(mo)
    return made


def extract(root: Path, into: Path, languages: Iterable[str], *, obsolete: bool) -> None:
    """Merge what the source under ``root`` says now into copies of its catalogues.

    The copies stand under ``into``. Where ``obsolete`` is set, entries that the source no longer
    has stay in them, marked as such.
    """
    for package in root.iterdir():
        if (package / "__init__.py").exists() and package.name not in UNREAD:
            left = shutil.ignore_patterns("__pycache__", "migrations")
            shutil.copytree(package, into / package.name, ignore=left)
    for language in languages:
        copy, known = catalogue(into, language), catalogue(root, language)
        copy.parent.mkdir(parents=True)
        if known.exists():
            shutil.copyfile(known, copy)
        else:
            copy.write_text(HEADER.format(language=language, plural_forms=plural_forms(language)))
    command = [sys.executable, "-m", "django", "makemessages", "--no-location", "--verbosity=0"]
    command += [f"--locale={language}" for language in languages]
    command += [] if obsolete else ["--no-obsolete"]
    # Without settings, makemessages knows no folder but that in which it runs.
    settings = "DJANGO_SETTINGS_MODULE"
    environment = {name: value for name, value in os.environ.items() if name != settings}
    subprocess.run(command, cwd=into, env=environment, check=True)  # noqa: S603 - fixed program


def plural_forms(language: str) -> str:
    """The plural rule that Django's own catalogue of the language has."""
    ours = Path(django.__file__).parent / "conf" / "locale" / language
    return str(read(ours / "LC_MESSAGES" / "django.po").plural_forms)


def update(root: Path = ROOT) -> None:
    """Bring every catalogue to what the source says; entries are sorted, without places."""
    languages = (*COMPLETE, *PREPARED)
    with TemporaryDirectory() as folder:
        extract(root, Path(folder), languages, obsolete=False)
        for language in languages:
            po = catalogue(root, language)
            new = tidy(catalogue(Path(folder), language).read_text(encoding="utf-8"))
            if po.exists() and po.read_text(encoding="utf-8") == new:
                continue
            po.parent.mkdir(parents=True, exist_ok=True)
            po.write_text(new, encoding="utf-8")


def tidy(text: str) -> str:
    """A catalogue's text with its entries in the order of their strings and no changing dates."""
    header, *entries = text.strip().split("\n\n")
    lines = [line for line in header.splitlines() if not line.startswith('"POT-Creation-Date')]
    return "\n\n".join(["\n".join(lines), *sorted(entries, key=_place)]) + "\n"


def _place(entry: str) -> tuple[str, str]:
    """What an entry is sorted by: its string, then the whole entry."""
    start = re.search(r"^(#~ )?msgid (?P<text>.*(?:\n(#~ )?\".*)*)", entry, re.MULTILINE)
    text = start["text"] if start else entry
    return re.sub(r'^(#~ )?"|"$', "", text, flags=re.MULTILINE).replace("\n", ""), entry


def findings(root: Path = ROOT) -> list[str]:
    """What is wrong with the catalogues, one line each; nothing when all is well."""
    found = []
    with TemporaryDirectory() as folder:
        extract(root, Path(folder), COMPLETE, obsolete=True)
        for language in COMPLETE:
            known = {(m.context, _first(m)) for m in read(catalogue(root, language))}
            merged = read(catalogue(Path(folder), language))
            for message in merged:
                if not message.id:
                    continue
                if (message.context, _first(message)) not in known:
                    found.append(f"{language}: missing: {_first(message)!r}")
                elif message.fuzzy:
                    found.append(f"{language}: fuzzy: {_first(message)!r}")
                elif not all(_strings(message)):
                    found.append(f"{language}: not translated: {_first(message)!r}")
            found += [f"{language}: obsolete: {_first(m)!r}" for m in merged.obsolete.values()]
    for po in sorted(root.glob("locale/*/LC_MESSAGES/*.po")):
        language = po.parent.parent.name
        found += [
            f"{language}: placeholders differ: {_first(message)!r}"
            for message in read(po)
            if message.id and not message.fuzzy and not has_its_placeholders(message)
        ]
    return found


def has_its_placeholders(message: Message) -> bool:
    """Whether each text that is there fills in what the English one does.

    The form for one may leave the number out, as "one message" does.
    """
    ids = message.id if isinstance(message.id, tuple | list) else (message.id,)
    wanted = [sorted(PLACEHOLDER.findall(text)) for text in ids]
    for number, text in enumerate(_strings(message)):
        has = sorted(PLACEHOLDER.findall(text))
        if text and has != wanted[-1] and (number > 0 or has not in wanted):
            return False
    return True


def _first(message: Message) -> str:
    """The English text, the form for one where there are two."""
    return str(message.id[0] if isinstance(message.id, tuple | list) else message.id)


def _strings(message: Message) -> tuple[str, ...]:
    """The translated text, in all its forms."""
    text = message.string
    return tuple(text) if isinstance(text, tuple | list) else (str(text or ""),)


def main(arguments: list[str]) -> int:
    """Do one of the three; the exit status."""
    match arguments:
        case ["compile"]:
            compile_all()
            return 0
        case ["update" | "check" as what]:
            missing = [tool for tool in GETTEXT if shutil.which(tool) is None]
            if missing:
                sys.stderr.write(f"{what} skipped: GNU gettext is missing ({', '.join(missing)})\n")
                return 1 if os.environ.get("CI") == "true" else 0
            if what == "update":
                update()
                return 0
            found = findings()
            if found:
                sys.stderr.write("\n".join([*found, "", ADVICE, ""]))
            return 1 if found else 0
        case _:
            sys.stderr.write("python -m server.messages compile|update|check\n")
            return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
