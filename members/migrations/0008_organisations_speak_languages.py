from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("members", "0007_kinds_and_descriptions")]

    operations = [
        migrations.RemoveField(
            model_name="organisation",
            name="description",
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "intermediary",
                            "municipality",
                            "incubator",
                            "institute",
                            "network",
                            "ngo",
                            "university",
                            "business",
                            "freelancer",
                            "other",
                        ],
                    )
                ),
                name="organisation_kind_is_known",
            ),
        ),
    ]
