"""What the members app keeps of people, one module per noun (`base.personal` says how)."""

from members.erasure import accounts, consents, organisations, profiles, site

__all__ = ["accounts", "consents", "organisations", "profiles", "site"]
