"""A change of address that was taken back is known as such, so that its own links are void."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("members", "0011_people_are_folded")]

    operations = [
        migrations.AddField(
            model_name="securityevent",
            name="is_undone",
            field=models.BooleanField(default=False, verbose_name="taken back"),
        ),
    ]
