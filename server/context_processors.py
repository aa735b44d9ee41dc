"""What the shell's templates know beside the site's settings."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def shell(request: HttpRequest) -> dict[str, Any]:
    """The build of the front end, and whether this is the demo."""
    return {"build": settings.BUILD}
