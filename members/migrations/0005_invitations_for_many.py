"""An invitation no longer names the one whom it let in."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("members", "0004_who_came_by_which_invitation")]

    operations = [
        migrations.RemoveConstraint("invitation", "invitation_used_by_has_a_time"),
        migrations.RemoveField("invitation", "used_by"),
    ]
