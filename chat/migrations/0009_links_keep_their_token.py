"""Links into channels keep their token as it is; none was made before."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('chat', '0008_languages_read'),
    ]

    operations = [
        migrations.RenameField(model_name='invitelink', old_name='token_hash', new_name='token'),
    ]
