"""PostgreSQL keeps account of more words, so that it sees which of them are rare."""

from django.db import migrations

KNOWN = "ALTER TABLE search_entry ALTER COLUMN vector SET STATISTICS 1000"


def know_more(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(KNOWN)


class Migration(migrations.Migration):
    dependencies = [("search", "0001_index")]

    operations = [migrations.RunPython(know_more, migrations.RunPython.noop)]
