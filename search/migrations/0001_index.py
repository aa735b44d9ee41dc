"""The table of the index, and what each database searches: a vector, or an FTS5 table."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

POSTGRESQL = (
    "ALTER TABLE search_entry ADD COLUMN vector tsvector",
    # Lists of new entries that wait for the index would be read through by every search.
    "CREATE INDEX search_by_words ON search_entry USING gin (vector) WITH (fastupdate = off)",
)
SQLITE = (
    "CREATE VIRTUAL TABLE search_words USING fts5 "
    "(words, tokenize = 'unicode61 remove_diacritics 2')",
    "CREATE TRIGGER search_words_go AFTER DELETE ON search_entry "
    "BEGIN DELETE FROM search_words WHERE rowid = old.id; END",
)


def make(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for statement in POSTGRESQL if is_postgresql else SQLITE:
        schema_editor.execute(statement)


def unmake(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER search_words_go")
        schema_editor.execute("DROP TABLE search_words")


class Migration(migrations.Migration):
    initial = True

    dependencies = [migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("object_id", models.BigIntegerField()),
                ("place_id", models.BigIntegerField()),
                ("language", models.CharField(blank=True, max_length=16)),
                ("at", models.DateTimeField()),
                ("has_link", models.BooleanField(default=False)),
                ("has_file", models.BooleanField(default=False)),
                (
                    "author",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "entries",
                "indexes": [
                    models.Index(fields=["at", "id"], name="search_by_time"),
                    models.Index(fields=["place_id", "at", "id"], name="search_by_place"),
                    models.Index(fields=["author", "at", "id"], name="search_by_author"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "object_id"), name="search_one_entry")
                ],
            },
        ),
        migrations.RunPython(make, unmake),
    ]
