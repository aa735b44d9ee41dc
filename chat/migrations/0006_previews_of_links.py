"""What messages show of the pages that they link to."""

import django.db.models.deletion
from django.db import migrations, models

import base.clock


class Migration(migrations.Migration):
    dependencies = [("chat", "0005_who_replied_last")]

    operations = [
        migrations.CreateModel(
            name="Preview",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("url", models.TextField()),
                ("title", models.CharField(blank=True, max_length=200)),
                ("description", models.CharField(blank=True, max_length=400)),
                ("site", models.CharField(blank=True, max_length=100)),
                ("picture", models.CharField(blank=True, max_length=100)),
                ("width", models.PositiveIntegerField(null=True)),
                ("height", models.PositiveIntegerField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("shown", "Shown"),
                            ("failed", "Could not be fetched"),
                            ("removed", "Removed"),
                        ],
                        default="waiting",
                        max_length=7,
                    ),
                ),
                ("made_at", models.DateTimeField(default=base.clock.now)),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="previews",
                        to="chat.message",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "shown", "failed", "removed"])),
                        name="chat_preview_state_is_known",
                    )
                ],
            },
        ),
    ]
