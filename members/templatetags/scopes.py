"""What a token may do, in words."""

from django import template

from members.forms.tokens import scope_label

register = template.Library()
register.filter("scope_label", scope_label)
