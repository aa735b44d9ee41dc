"""Which languages members read."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("chat", "0007_messages_are_numbered"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="LanguageChoice",
            fields=[
                (
                    "member",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("reads", models.JSONField(default=list)),
                (
                    "others",
                    models.CharField(
                        choices=[
                            ("show", "Show them"),
                            ("fold", "Fold them: one click shows the text"),
                            ("hide", "Hide them"),
                        ],
                        default="show",
                        max_length=4,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("others__in", ["show", "fold", "hide"])),
                        name="chat_others_is_known",
                    )
                ],
            },
        ),
    ]
