"""The search as fields: what is typed, and filters; all in the address, so it can be shared."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from base.errors import Invalid
from base.languages import SITE_LANGUAGES, language_name
from search.grammar import Query, parse
from search.registry import Place
from search.vocabulary import MAX_QUERY

MAX_NAME = 120


class SearchForm(forms.Form):
    """Fields of a search; none is required."""

    q = forms.CharField(
        label=_("Search for"),
        max_length=MAX_QUERY,
        required=False,
        widget=forms.TextInput(
            {"type": "search", "autocomplete": "off", "enterkeyhint": "search", "dir": "auto"}
        ),
    )
    place = forms.TypedChoiceField(label=_("In"), coerce=int, empty_value=None, required=False)
    by = forms.CharField(
        label=_("From"), help_text=_("A name, or “me”."), max_length=MAX_NAME, required=False
    )
    since = forms.DateField(
        label=_("First day"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    until = forms.DateField(
        label=_("Last day"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    language = forms.ChoiceField(label=_("Language"), required=False)
    has_link = forms.BooleanField(label=_("With a link"), required=False)
    has_file = forms.BooleanField(label=_("With a file"), required=False)

    def __init__(self, *args: Any, places: Sequence[Place], **kwargs: Any) -> None:
        super().__init__(*args, **({"label_suffix": ""} | kwargs))
        languages = [(tag, language_name(tag)) for tag in SITE_LANGUAGES]
        self._choose("place", [("", _("All rooms")), *((each.id, each.name) for each in places)])
        self._choose("language", [("", _("Any language")), *languages])

    def _choose(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    @property
    def has_filters(self) -> bool:
        """Whether anything but the words was filled in."""
        return any(self.data.get(name) for name in self.fields if name != "q")

    def query(self) -> Query:
        """What the fields ask for together.

        Raises:
            Invalid: a field has no such value, or ``search.query`` for the words.
        """
        if not self.is_valid():
            errors = {name: [str(text) for text in texts] for name, texts in self.errors.items()}
            raise Invalid(fields=errors)
        data = self.cleaned_data
        query = parse(data["q"])
        return replace(
            query,
            authors=(*query.authors, data["by"]) if data["by"] else query.authors,
            place_ids=(data["place"],) if data["place"] is not None else (),
            languages=(*query.languages, data["language"]) if data["language"] else query.languages,
            has=query.has | {name for name in ("link", "file") if data[f"has_{name}"]},
        ).narrowed(since=data["since"], until=data["until"] and data["until"] + timedelta(days=1))
