"""How often a member may announce files and send parts of them, for all doors of this process."""

from typing import Final

from live.limits import Buckets

announcements: Final = Buckets(per_s=0.5, burst=40)
chunks: Final = Buckets(per_s=40, burst=80)
