from django.db import migrations

from incidents.audit.append_only import refuse_changes


def open_ledger(apps, schema_editor):
    apps.get_model("incidents", "Ledger").objects.get_or_create(pk=1)


def close_ledger(apps, schema_editor):
    apps.get_model("incidents", "Ledger").objects.filter(pk=1, last_sequence=0).delete()


class Migration(migrations.Migration):
    dependencies = [("incidents", "0001_catalogue_record_and_ledger")]

    operations = [
        refuse_changes("incidents_release"),
        refuse_changes("incidents_auditentry"),
        migrations.RunPython(open_ledger, close_ledger),
    ]
