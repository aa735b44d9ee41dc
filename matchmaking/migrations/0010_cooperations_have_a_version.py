from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("matchmaking", "0009_rounds_have_a_beginning")]

    operations = [
        migrations.AddField(
            model_name="introduction",
            name="version",
            field=models.PositiveBigIntegerField(db_index=True, default=0),
        ),
        migrations.AddField(
            model_name="projectgroup",
            name="version",
            field=models.PositiveBigIntegerField(db_index=True, default=0),
        ),
    ]
