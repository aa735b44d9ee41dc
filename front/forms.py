"""HTML input of the front app: steps of the arrival, the operator's texts, the partners."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from base.countries import country_choices
from base.languages import SITE_LANGUAGES, language_name
from front.vocabulary import MAX_TEXT, MOST_PARTNERS
from live.performing import perform
from members.consent import QUESTIONS
from members.details import LENGTHS
from members.events import GiveConsent, ProfileChange
from members.forms.organisations import SectorChoice
from members.forms.profiles import Suggestions
from members.forms.seen import SeenForm
from members.models import Member, Organisation
from members.profile import ORGANISATION_LENGTH, zone_of_country
from members.queries.consents import consents_now
from members.queries.profiles import details_of
from members.sectors import sector_groups
from members.vocabulary import Purpose

INTERESTS_LENGTH = LENGTHS["interests"]


class StepForm(forms.Form):
    """One step's form; it knows whose it is."""

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **({"label_suffix": ""} | kwargs))
        self.member = member

    def save(self) -> None:
        """Do what was chosen in a valid form.

        Raises:
            Invalid: an action refused it; its fields are the form's.
        """
        raise NotImplementedError


class OriginStep(StepForm):
    """Where one comes from and what one speaks."""

    country = forms.ChoiceField(label=_("Country"))
    organisation = forms.CharField(
        label=_("Organisation"),
        help_text=_("Choose one that is suggested, or type a new name."),
        max_length=ORGANISATION_LENGTH,
        required=False,
        widget=Suggestions({"autocomplete": "organization"}),
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages you speak"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, member=member, **kwargs)
        # A field's choices are lazy to the language of the request, so they are made here.
        self.fields["country"] = forms.ChoiceField(
            label=_("Country"),
            choices=[("", _("Choose a country")), *country_choices()],
            widget=forms.Select({"autocomplete": "country"}),
            initial=member.country,
        )
        self.fields["languages"] = forms.MultipleChoiceField(
            label=_("Languages you speak"),
            choices=[(tag, language_name(tag)) for tag in SITE_LANGUAGES],
            widget=forms.CheckboxSelectMultiple,
            required=False,
            initial=member.languages,
        )
        if member.organisation is not None:
            self.fields["organisation"].initial = member.organisation.name

    def save(self) -> None:
        """Write it to the member's profile; languages beyond the site's are kept."""
        chosen = self.cleaned_data
        kept = [tag for tag in self.member.languages if tag not in SITE_LANGUAGES]
        zone = self.member.time_zone
        if zone == "UTC":
            zone = zone_of_country(chosen["country"]) or zone
        change = ProfileChange(
            country=chosen["country"],
            organisation=chosen["organisation"],
            languages=[*chosen["languages"], *kept],
            time_zone=zone,
        )
        perform(
            actor=self.member,
            cmd="profile.change",
            topic=f"member:{self.member.pk}",
            data=change,
        )


class InterestsStep(StepForm):
    """What one does and looks for."""

    sectors = forms.MultipleChoiceField(
        label=_("Sectors that interest you"), required=False, widget=SectorChoice
    )
    interests = forms.CharField(
        label=_("What are you interested in?"),
        max_length=INTERESTS_LENGTH,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, member=member, **kwargs)
        now = details_of(member)
        self.fields["sectors"] = forms.MultipleChoiceField(
            label=_("Sectors that interest you"),
            choices=sector_groups(),
            widget=SectorChoice,
            required=False,
            initial=now.sectors,
        )
        self.fields["interests"].initial = now.interests

    def save(self) -> None:
        """Write it to the member's profile."""
        perform(
            actor=self.member,
            cmd="profile.change",
            topic=f"member:{self.member.pk}",
            data=ProfileChange(**self.cleaned_data),
        )


class ConsentStep(StepForm):
    """Whether others may find one, and whether partners may be suggested."""

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, member=member, **kwargs)
        standing = consents_now(member)
        for purpose in (Purpose.DIRECTORY, Purpose.MATCHING):
            # What was agreed to before is taken back in the settings, never in passing.
            given = standing[purpose.value].given
            self.fields[purpose.value] = forms.BooleanField(
                label=str(QUESTIONS[purpose].now.words),
                required=False,
                initial=given,
                disabled=given,
            )

    def save(self) -> None:
        """Put on record what was agreed to; what was not ticked stays as it is."""
        for purpose, agreed in self.cleaned_data.items():
            if agreed:
                perform(
                    actor=self.member,
                    cmd="consent.give",
                    topic=f"member:{self.member.pk}",
                    data=GiveConsent(purpose=purpose, version=QUESTIONS[Purpose(purpose)].version),
                )


class TextForm(SeenForm):
    """What the operator says on one page in one language."""

    text = forms.CharField(
        label=_("Text"),
        help_text=_("Markdown: headings, lists, links, tables. Empty removes the text."),
        max_length=MAX_TEXT,
        required=False,
        strip=False,
        widget=forms.Textarea({"rows": 20}),
    )


class PartnersForm(SeenForm):
    """Which organisations run the site together, and which of them leads."""

    partners = forms.ModelMultipleChoiceField(
        label=_("Partners"),
        queryset=Organisation.objects.none(),
        widget=forms.SelectMultiple({"size": 14}),
        help_text=_("To choose several, hold Ctrl (on a Mac: Command)."),
        required=False,
    )
    lead = forms.ModelChoiceField(
        label=_("Lead partner"), queryset=Organisation.objects.none(), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **({"label_suffix": ""} | kwargs))
        for name in ("partners", "lead"):
            field = self.fields[name]
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = Organisation.objects.order_by("name", "id")

    def clean(self) -> dict[str, Any]:
        """Bound the number; whoever leads is a partner too."""
        cleaned = super().clean() or {}
        chosen = list(cleaned.get("partners") or [])
        if len(chosen) > MOST_PARTNERS:
            self.add_error("partners", _("That is too many partners."))
        lead = cleaned.get("lead")
        cleaned["partners"] = [*chosen, lead] if lead and lead not in chosen else chosen
        return cleaned
