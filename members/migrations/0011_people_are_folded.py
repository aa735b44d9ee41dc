from typing import Any

from django.db import migrations, models

from search.words import fold

AT_ONCE = 500


def fold_people(apps: Any, _editor: Any) -> None:
    """Fold every name and what everybody is interested in."""
    for model, source in (("Member", "name"), ("Profile", "interests")):
        rows = apps.get_model("members", model).objects.order_by("pk")
        last = 0
        while found := list(rows.filter(pk__gt=last).only("pk", source)[:AT_ONCE]):
            for row in found:
                row.folded = fold(getattr(row, source))
            rows.model.objects.bulk_update(found, ["folded"])
            last = found[-1].pk


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0010_organisations_are_folded"),
    ]

    operations = [
        migrations.AddField(
            model_name="member",
            name="folded",
            field=models.TextField(db_default="", editable=False),
        ),
        migrations.AddField(
            model_name="profile",
            name="folded",
            field=models.TextField(db_default="", editable=False),
        ),
        migrations.RunPython(fold_people, migrations.RunPython.noop),
    ]
