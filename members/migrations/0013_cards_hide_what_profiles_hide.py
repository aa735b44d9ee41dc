"""What a profile hides stands no longer beside what its member writes."""

from typing import Any

from django.db import migrations, models
from django.db.models import Value
from django.db.models.functions import Concat, Trim

HIDDEN = ("organisation", "nobody")


def hide(apps: Any, _editor: Any) -> None:
    """Note for everybody which of organisation and country the profile hides."""
    members, profiles = (apps.get_model("members", name) for name in ("Member", "Profile"))
    for name in ("organisation", "country"):
        hiding = profiles.objects.filter(**{f"{name}_audience__in": HIDDEN}).values("member")
        rows = members.objects.filter(pk__in=hiding)
        rows.update(card_hides=Trim(Concat("card_hides", Value(f" {name}"))))


class Migration(migrations.Migration):
    dependencies = [("members", "0012_changes_of_address_are_undone")]

    operations = [
        migrations.AddField(
            model_name="member",
            name="card_hides",
            field=models.CharField(blank=True, default="", editable=False, max_length=24),
            preserve_default=False,
        ),
        migrations.RunPython(hide, migrations.RunPython.noop),
    ]
