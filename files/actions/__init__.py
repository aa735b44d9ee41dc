"""Writes about files."""

from files.actions.keeping import (
    attach_files,
    recount_accounts,
    release_files,
    release_forgotten_files,
    remove_files,
    sweep_files,
)
from files.actions.uploads import (
    announce_file,
    append_bytes,
    describe_file,
    drop_file,
    refusal_of,
    take_file,
)

__all__ = [
    "announce_file",
    "append_bytes",
    "attach_files",
    "describe_file",
    "drop_file",
    "recount_accounts",
    "refusal_of",
    "release_files",
    "release_forgotten_files",
    "remove_files",
    "sweep_files",
    "take_file",
]
