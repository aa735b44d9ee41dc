from typing import Any

from django.db import migrations, models

from search.words import fold

AT_ONCE = 500


def fold_names(apps: Any, _editor: Any) -> None:
    """Fold the name and town of every organisation."""
    organisations = apps.get_model("members", "Organisation").objects
    rows = []
    for row in organisations.only("name", "town").iterator():
        row.folded = f"{fold(row.name)}\n{fold(row.town)}"
        rows.append(row)
    organisations.bulk_update(rows, ["folded"], batch_size=AT_ONCE)


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0009_profiles_with_audiences"),
    ]

    operations = [
        migrations.AddField(
            model_name="organisation",
            name="folded",
            field=models.TextField(db_default="", editable=False),
        ),
        migrations.RunPython(fold_names, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="organisation",
            index=models.Index(fields=["folded", "id"], name="organisation_by_folded"),
        ),
    ]
