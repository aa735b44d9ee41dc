"""Who came by which invitation stands with the member, since a link may let in several."""

from django.db import migrations


def copy(apps, schema_editor):
    """Write down at each member what the invitation said."""
    Invitation = apps.get_model("members", "Invitation")
    Member = apps.get_model("members", "Member")
    for pk, member in Invitation.objects.exclude(used_by=None).values_list("pk", "used_by_id"):
        Member.objects.filter(pk=member).update(came_by_id=pk)
    Invitation.objects.exclude(used_at=None).update(uses=1)


class Migration(migrations.Migration):
    dependencies = [("members", "0003_accounts_and_leaving")]

    operations = [migrations.RunPython(copy, migrations.RunPython.noop)]
