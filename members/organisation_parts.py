"""What an organisation's page shows below its facts; read by reader and organisation."""

from typing import Final

from base.parts import Part, Parts
from members.access.people import Actor
from members.models.organisations import Organisation

__all__ = ["ORGANISATION", "Part"]

ORGANISATION: Final = Parts[[Actor, Organisation]]("an organisation's page")
