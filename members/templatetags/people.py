"""Template filters that say what stands in a profile in the reader's language."""

from django import template

from base.languages import active_locale, names_in
from members.events import WorkingHours
from members.vocabulary import Level

register = template.Library()


@register.filter
def level_name(level: str) -> str:
    """The name of a level, such as "C1: advanced"; "" for none."""
    return str(Level(level).label) if level else ""


@register.filter
def level_of(levels: dict[str, str], tag: str) -> str:
    """How well a language is spoken; "" where that is not said."""
    return levels.get(tag, "")


@register.filter
def weekdays(hours: WorkingHours) -> str:
    """Days of the week, consecutive ones as a span: "Mon – Wed, Fri"."""
    names = names_in(active_locale()).days["format"]["abbreviated"]
    spans: list[list[int]] = []
    for day in hours.days:
        if spans and spans[-1][-1] == day - 1:
            spans[-1].append(day)
        else:
            spans.append([day])
    # CLDR counts from Monday, which is 0.
    return ", ".join(
        names[span[0] - 1] if len(span) == 1 else f"{names[span[0] - 1]} – {names[span[-1] - 1]}"
        for span in spans
    )
