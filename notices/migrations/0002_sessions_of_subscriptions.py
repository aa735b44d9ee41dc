"""A browser takes push messages for as long as the session that subscribed it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_notices_preferences_and_deliveries")]

    operations = [
        migrations.AddField(
            model_name="subscription",
            name="session_key",
            field=models.CharField(default="", max_length=40),
            preserve_default=False,
        ),
    ]
