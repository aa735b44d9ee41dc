import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('chat', '0003_threads_mentions_and_what_waits'),
        ('files', '0001_files_and_accounts'),
    ]

    operations = [
        migrations.AddField(
            model_name='message',
            name='has_files',
            field=models.BooleanField(default=False),
        ),
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('alt', models.CharField(blank=True, max_length=1000, verbose_name='description')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attachments', to='files.file')),
                ('message', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='attachments', to='chat.message')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('message', 'position'), name='chat_one_file_in_a_place')],
            },
        ),
    ]
