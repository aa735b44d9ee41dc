"""Pictures that people send as the site's logo, made safe to keep and to show.

What is kept is always drawn anew as PNG: nothing of the file that was sent survives but pixels, so
neither metadata (place, camera) nor anything hidden behind the picture does.
"""

import hashlib
from io import BytesIO
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

MOST_BYTES = 2 * 1024 * 1024
MOST_PIXELS = 25_000_000
SIDE_PX = 512
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")


def clean_logo(sent: Any) -> ContentFile[bytes]:
    """Return the picture as a PNG of at most 512 by 512 pixels, named by its content.

    Raises:
        ValidationError: too large, or not a picture of a known format.
    """
    if sent.size > MOST_BYTES:
        raise ValidationError(_("The file is larger than 2 MB."))
    try:
        with Image.open(sent, formats=FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise ValidationError(_("The picture has too many pixels."))
            upright = ImageOps.exif_transpose(picture).convert("RGBA")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise ValidationError(_("This is not a picture that we can read.")) from error
    upright.thumbnail((SIDE_PX, SIDE_PX))
    kept = Image.new("RGBA", upright.size)
    kept.paste(upright)
    buffer = BytesIO()
    kept.save(buffer, "PNG", optimize=True)
    digest = hashlib.sha256(buffer.getvalue()).hexdigest()[:16]
    return ContentFile(buffer.getvalue(), name=f"logo-{digest}.png")
