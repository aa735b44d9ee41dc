"""HTML input of roles in organisations."""

from django import forms
from django.utils.translation import gettext_lazy as _

from members.vocabulary import OrganisationRole


class RoleWishForm(forms.Form):
    """The role that one asks for."""

    role = forms.ChoiceField(
        label=_("Role"),
        choices=OrganisationRole.choices,
        initial=OrganisationRole.EDITOR,
        help_text=_("Editors keep the page; representatives decide for the organisation as well."),
    )


class RoleForm(RoleWishForm):
    """A role for a member, found by the address."""

    email = forms.EmailField(label=_("E-mail address of the member"), max_length=254)
    field_order = ("email", "role")
