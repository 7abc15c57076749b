from django.db import migrations

from incidents.audit.append_only import refuse_replacing


class Migration(migrations.Migration):
    dependencies = [("incidents", "0010_content_handed_to_reviewers")]

    operations = [
        refuse_replacing("incidents_release", ("id",), ("sequence",), ("sha256",), ("public_id", "number")),
        refuse_replacing("incidents_auditentry", ("id",)),
    ]
