"""The tables of the members app."""

import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import base.clock


class Migration(migrations.Migration):
    initial = True

    dependencies = [("auth", "0012_alter_user_first_name_max_length")]

    operations = [
        migrations.CreateModel(
            name="Organisation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=160, verbose_name="name")),
                ("country", models.CharField(max_length=2, verbose_name="country")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("municipality", "Municipality"),
                            ("region", "Region"),
                            ("promotion", "Business promotion"),
                            ("incubator", "Incubator"),
                            ("institute", "Cultural institute"),
                            ("network", "Network"),
                            ("ngo", "Non-governmental organisation"),
                            ("university", "University"),
                            ("business", "Creative business"),
                            ("other", "Other"),
                        ],
                        default="other",
                        max_length=16,
                        verbose_name="kind",
                    ),
                ),
                ("town", models.CharField(blank=True, max_length=120, verbose_name="town")),
                ("website", models.URLField(blank=True, max_length=300, verbose_name="website")),
                (
                    "description",
                    models.TextField(blank=True, max_length=4000, verbose_name="description"),
                ),
            ],
            options={
                "verbose_name": "organisation",
                "verbose_name_plural": "organisations",
                "ordering": ("name", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("name"),
                        models.F("country"),
                        name="organisation_name_in_country",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Member",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "last_login",
                    models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                ),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "email",
                    models.EmailField(max_length=254, unique=True, verbose_name="e-mail address"),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("country", models.CharField(blank=True, max_length=2, verbose_name="country")),
                ("languages", models.JSONField(blank=True, default=list, verbose_name="languages")),
                (
                    "time_zone",
                    models.CharField(default="UTC", max_length=64, verbose_name="time zone"),
                ),
                (
                    "locale",
                    models.CharField(blank=True, max_length=16, verbose_name="interface language"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("member", "Member"), ("guest", "Guest")],
                        default="member",
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("is_approved", models.BooleanField(default=True, verbose_name="approved")),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                ("is_moderator", models.BooleanField(default=False, verbose_name="moderator")),
                ("is_staff", models.BooleanField(default=False, verbose_name="staff")),
                (
                    "joined_at",
                    models.DateTimeField(
                        default=base.clock.now, editable=False, verbose_name="joined"
                    ),
                ),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="members",
                        to="members.organisation",
                        verbose_name="organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "member",
                "verbose_name_plural": "members",
                "ordering": ("name", "id"),
            },
        ),
        migrations.CreateModel(
            name="SiteSettings",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(
                        default=1, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        default="Creative Ports", max_length=80, verbose_name="name of the site"
                    ),
                ),
                ("logo", models.ImageField(blank=True, upload_to="site/", verbose_name="logo")),
                (
                    "languages",
                    models.JSONField(blank=True, default=list, verbose_name="interface languages"),
                ),
                (
                    "registration",
                    models.CharField(
                        choices=[
                            ("open", "Open: anyone may sign up"),
                            ("invitation", "By invitation: staff send a link"),
                            ("approval", "By approval: anyone may ask, staff decide"),
                        ],
                        default="open",
                        max_length=12,
                        verbose_name="registration",
                    ),
                ),
                ("is_set_up", models.BooleanField(default=False, verbose_name="set up")),
            ],
            options={
                "verbose_name": "site settings",
                "verbose_name_plural": "site settings",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="site_settings_is_one_row"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("registration__in", ["open", "invitation", "approval"])
                        ),
                        name="site_settings_registration_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("token_hash", models.CharField(editable=False, max_length=64, unique=True)),
                (
                    "email",
                    models.EmailField(blank=True, max_length=254, verbose_name="e-mail address"),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("member", "Member"),
                            ("moderator", "Moderator"),
                            ("staff", "Staff"),
                        ],
                        default="member",
                        max_length=10,
                        verbose_name="role",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        default=base.clock.now, editable=False, verbose_name="made"
                    ),
                ),
                ("expires_at", models.DateTimeField(verbose_name="expires")),
                ("used_at", models.DateTimeField(blank=True, null=True, verbose_name="used")),
                (
                    "invited_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="invitations",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "used_by",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="came_by",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "invitation",
                "verbose_name_plural": "invitations",
                "ordering": ("-created_at", "-id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["member", "moderator", "staff"])),
                        name="invitation_role_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("used_by", None), ("used_at__isnull", False), _connector="OR"
                        ),
                        name="invitation_used_by_has_a_time",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="member", index=models.Index(fields=["name", "id"], name="member_by_name")
        ),
        migrations.AddConstraint(
            model_name="member",
            constraint=models.CheckConstraint(
                condition=models.Q(("email", django.db.models.functions.text.Lower("email"))),
                name="member_email_is_lower_case",
            ),
        ),
        migrations.AddConstraint(
            model_name="member",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_active", False), ("is_approved", True), _connector="OR"),
                name="member_active_only_if_approved",
            ),
        ),
        migrations.AddConstraint(
            model_name="member",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["member", "guest"])), name="member_kind_is_known"
            ),
        ),
    ]
