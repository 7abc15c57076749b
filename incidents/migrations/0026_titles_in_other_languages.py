import json

from django.db import migrations, models


def fill(apps, schema_editor):
    """Say in the projection what translated advisories are called: in those that the record has translations of."""
    translated = apps.get_model("incidents", "Translation").objects.values("incident__public_id")
    advisories = apps.get_model("incidents", "Advisory").objects.filter(public_id__in=translated, is_withdrawn=False)
    for advisory in advisories.select_related("release"):
        document = json.loads(advisory.release.document_json)
        titles = {one["language"]: one["title"] for one in document.get("translations", []) if one.get("title")}
        if titles:
            advisory.brief["titles"] = titles
            advisory.save(update_fields=["brief"])


def nothing(apps, schema_editor):
    """Going back leaves the titles where they are; nobody reads them then."""


class Migration(migrations.Migration):

    dependencies = [
        ('incidents', '0025_partners_and_keys'),
    ]

    operations = [
        migrations.AlterField(
            model_name='advisory',
            name='brief',
            field=models.JSONField(default=dict, help_text='What a list row shows besides: services and techniques by name, translated titles by language.'),
        ),
        migrations.RunPython(fill, nothing),
    ]
