"""Messages get their number in the channel, and indexes that count what is apart from it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

NUMBER = """
    UPDATE chat_message SET nth = numbered.nth
    FROM (
        SELECT id, SUM(CASE WHEN thread_id IS NULL THEN 1 ELSE 0 END)
            OVER (PARTITION BY channel_id ORDER BY seq) AS nth
        FROM chat_message
    ) AS numbered
    WHERE chat_message.id = numbered.id
"""


class Migration(migrations.Migration):

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('chat', '0006_previews_of_links'),
    ]

    operations = [
        migrations.AddField(
            model_name='message',
            name='nth',
            field=models.PositiveBigIntegerField(default=0),
            preserve_default=False,
        ),
        migrations.RunSQL(NUMBER, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='message',
            name='author',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='messages', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(fields=['author', 'channel', 'seq'], name='chat_own'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('deleted_at__isnull', False)), fields=['channel', 'seq'], name='chat_deleted'),
        ),
    ]
