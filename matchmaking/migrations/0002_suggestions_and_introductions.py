"""Suggestions with their answers, introductions, and when it was last looked for suggestions."""

import base.clock
import django.db.models.deletion
import matchmaking.models.introductions
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("chat", "0009_links_keep_their_token"),
        ("matchmaking", "0001_matching_profiles"),
        ("members", "0010_organisations_are_folded"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="matchingprofile",
            name="suggested_at",
            field=models.DateTimeField(db_index=True, null=True),
        ),
        migrations.CreateModel(
            name="Introduction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("accepted", "Accepted by one side"),
                            ("open", "In conversation"),
                            ("met", "Met"),
                            ("cooperating", "Cooperating"),
                            ("closed", "Closed"),
                        ],
                        default="proposed",
                        max_length=12,
                    ),
                ),
                (
                    "first_said",
                    models.CharField(
                        blank=True,
                        choices=[("", "Nothing yet"), ("yes", "Yes"), ("no", "No")],
                        max_length=4,
                    ),
                ),
                (
                    "second_said",
                    models.CharField(
                        blank=True,
                        choices=[("", "Nothing yet"), ("yes", "Yes"), ("no", "No")],
                        max_length=4,
                    ),
                ),
                ("first_at", models.DateTimeField(null=True)),
                ("second_at", models.DateTimeField(null=True)),
                ("made_at", models.DateTimeField(default=base.clock.now, editable=False)),
                (
                    "answer_by",
                    models.DateTimeField(default=matchmaking.models.introductions._within),
                ),
                ("opened_at", models.DateTimeField(null=True)),
                ("met_at", models.DateTimeField(null=True)),
                ("cooperating_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("changed_at", models.DateTimeField(default=base.clock.now)),
                ("asked_at", models.DateTimeField(null=True)),
                (
                    "channel",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="chat.channel",
                    ),
                ),
                (
                    "first",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="matchmaking.matchingprofile",
                    ),
                ),
                (
                    "first_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "intermediary",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="members.organisation",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="matchmaking.matchingprofile",
                    ),
                ),
                (
                    "second_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "introduction",
                "verbose_name_plural": "introductions",
                "ordering": ("-id",),
                "indexes": [
                    models.Index(fields=["state", "answer_by"], name="introduction_by_end"),
                    models.Index(fields=["state", "changed_at"], name="introduction_by_change"),
                    models.Index(fields=["second", "state"], name="introduction_of_second"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "closed"), _negated=True),
                        fields=("first", "second"),
                        name="introduction_going_on_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("first__lt", models.F("second"))),
                        name="introduction_sides_in_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ["proposed", "accepted", "open", "met", "cooperating", "closed"],
                            )
                        ),
                        name="introduction_state_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Suggestion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("made_at", models.DateTimeField(default=base.clock.now)),
                ("score", models.FloatField(default=0)),
                ("terms", models.JSONField(default=dict)),
                ("place", models.CharField(blank=True, max_length=12)),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("interested", "Interested"),
                            ("later", "Not now"),
                            ("declined", "Not this one"),
                        ],
                        max_length=12,
                        verbose_name="answer",
                    ),
                ),
                (
                    "why",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("known", "We know each other already"),
                            ("sector", "Their field is too far from ours"),
                            ("needs", "They do not offer what we look for"),
                            ("country", "The country does not suit us"),
                            ("size", "Their size does not suit us"),
                            ("other", "Another reason"),
                        ],
                        max_length=12,
                        verbose_name="reason",
                    ),
                ),
                ("until", models.DateTimeField(blank=True, null=True, verbose_name="until")),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("lapsed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="suggested_to",
                        to="matchmaking.matchingprofile",
                    ),
                ),
                (
                    "profile",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="suggestions",
                        to="matchmaking.matchingprofile",
                    ),
                ),
            ],
            options={
                "verbose_name": "suggestion",
                "verbose_name_plural": "suggestions",
                "ordering": ("id",),
                "indexes": [
                    models.Index(fields=["profile", "-made_at"], name="suggestion_newest_first")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("profile", "other"), name="suggestion_once"),
                    models.CheckConstraint(
                        condition=models.Q(("profile", models.F("other")), _negated=True),
                        name="suggestion_is_of_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("answer__in", ["", "interested", "later", "declined"])),
                        name="suggestion_answer_is_known",
                    ),
                ],
            },
        ),
    ]
