"""What the members app keeps of people, one module per noun (`base.personal` says how)."""

from members.erasure import accounts, organisations, site

__all__ = ["accounts", "organisations", "site"]
