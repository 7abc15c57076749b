import datetime as dt
import json
from itertools import islice

from django.db import migrations

BORNE_OUT = ("confirmed", "suspected", "claimed", "disputed", "unclaimed")
CHUNK = 500
UPDATE = "UPDATE incidents_advisory SET is_exercise = %s, attribution = %s, days_to_disclosure = %s WHERE id = %s"


def read_documents(apps, schema_editor):
    """What new columns hold is in the documents of the current releases."""
    connection = schema_editor.connection
    advisories = apps.get_model("incidents", "Advisory").objects.using(connection.alias)
    keys = iter(list(advisories.order_by("pk").values_list("pk", flat=True)))
    with connection.cursor() as cursor:
        while chunk := list(islice(keys, CHUNK)):
            rows = advisories.filter(pk__in=chunk).values_list("pk", "release__document_json")
            cursor.executemany(UPDATE, [columns(key, json.loads(text)) for key, text in rows])


def columns(key, document):
    return document.get("is_exercise", False), attribution(document), days_to_disclosure(document), key


def attribution(document):
    said = {claim["status"] for claim in document.get("attributions", ()) if claim.get("actor")}
    return next((status for status in BORNE_OUT if status in said), "")


def days_to_disclosure(document):
    timeline = document.get("timeline", {})
    began, disclosed = timeline.get("occurred_from", ""), timeline.get("disclosed", "")
    if min(len(began), len(disclosed)) < 10:
        return None
    return (dt.date.fromisoformat(disclosed[:10]) - dt.date.fromisoformat(began[:10])).days


class Migration(migrations.Migration):

    dependencies = [
        ('incidents', '0017_keep_what_insights_count'),
    ]

    operations = [
        migrations.RunPython(read_documents, migrations.RunPython.noop),
    ]
