"""Which languages a member usually writes and reads."""

from members.models import Member


def own_languages(member: Member) -> list[str]:
    """The languages of the profile, and that of the interface where it was chosen. No query."""
    chosen = [member.locale] if member.locale else []
    return list(dict.fromkeys([*chosen, *member.languages]))
