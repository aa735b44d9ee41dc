"""What the front page for strangers and home for members are made of."""

from typing import Final

from django.http import HttpRequest

from base.parts import Part, Parts

__all__ = ["HOME", "STRANGERS", "Part"]

STRANGERS: Final = Parts[[HttpRequest]]("the front page")
HOME: Final = Parts[[HttpRequest]]("home")
