"""``python -m files.drawing SOURCE``: draws a picture anew in a process of its own.

A picture of a few kilobytes may ask for gigabytes and minutes, and decoders have had holes: what
decodes bytes from outside holds no connection, no secret of the server's memory, and is ended by
the system when it takes too much. Writes ``SOURCE.drawn`` and ``SOURCE.small`` and prints one line
of JSON: the picture's facts, or the code of what is wrong with it.
"""

import json
import os
import resource
import sys
from pathlib import Path

from django.conf import settings

MOST_MEMORY_BYTES = 1536 * 1024 * 1024
MOST_CPU_S = 40
MOST_FILE_BYTES = 64 * 1024 * 1024
# Beside what forms take: decoded here alone.
READ = ("JPEG", "PNG", "WEBP", "GIF", "AVIF", "TIFF")


def main(source: str, thumbnail_px: int) -> dict[str, object]:
    """Draw one picture; returns what is printed."""
    from base.errors import Invalid
    from files.images import reencode

    path = Path(source)
    try:
        with path.open("rb") as content:
            picture = reencode(content, formats=READ)
            small = reencode(
                content, longest_px=thumbnail_px, still=True, kind="WEBP", formats=READ
            )
    except Invalid as refusal:
        return {"refused": refusal.code}
    except MemoryError:
        return {"refused": "files.picture_too_large"}
    path.with_suffix(".drawn").write_bytes(picture.data)
    path.with_suffix(".small").write_bytes(small.data)
    return {
        "content_type": picture.content_type,
        "width": picture.width,
        "height": picture.height,
    }


if __name__ == "__main__":
    # Nothing here speaks to people: refusals leave as codes.
    settings.configure(USE_I18N=False)
    os.nice(5)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY_BYTES, MOST_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_CPU_S, MOST_CPU_S))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_FILE_BYTES, MOST_FILE_BYTES))
    sys.stdout.write(json.dumps(main(sys.argv[1], int(sys.argv[2]))))
