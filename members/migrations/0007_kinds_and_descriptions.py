"""Brings kinds to the list of now, and gives descriptions their language.

Descriptions had none; they were English where a site was filled in from the demo, and a site's
first language is the likeliest elsewhere.
"""

from django.db import migrations

KINDS = {"promotion": "intermediary", "region": "municipality"}


def convert(apps, schema_editor):
    Organisation = apps.get_model("members", "Organisation")
    OrganisationText = apps.get_model("members", "OrganisationText")
    for old, new in KINDS.items():
        Organisation.objects.filter(kind=old).update(kind=new)
    site = apps.get_model("members", "SiteSettings").objects.filter(pk=1).first()
    language = site.languages[0] if site and site.languages else "en"
    described = Organisation.objects.exclude(description="").values_list("pk", "description")
    OrganisationText.objects.bulk_create(
        [
            OrganisationText(organisation_id=pk, language=language, text=text[:4000])
            for pk, text in described.iterator()
        ],
        batch_size=500,
    )


class Migration(migrations.Migration):
    dependencies = [("members", "0006_organisations")]

    operations = [migrations.RunPython(convert, migrations.RunPython.noop)]
