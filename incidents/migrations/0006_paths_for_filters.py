import django.db.models.deletion
from django.db import migrations, models

# Facet and value depend on each other. Without knowing how common a value is, PostgreSQL fetches and sorts all 32,000
# advisories of a common technique instead of walking the newest ones until a page is full.
TOGETHER = "CREATE STATISTICS term_facet_with_value (mcv, dependencies, ndistinct) ON facet, value FROM incidents_advisoryterm"
FINER = "ALTER STATISTICS term_facet_with_value SET STATISTICS 500"


def know_common_values(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(TOGETHER)
        schema_editor.execute(FINER)


def forget_common_values(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP STATISTICS term_facet_with_value")


class Migration(migrations.Migration):

    dependencies = [
        ('incidents', '0005_source_revision_dates'),
    ]

    operations = [
        migrations.AlterField(
            model_name='advisoryterm',
            name='advisory',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='terms', to='incidents.advisory'),
        ),
        migrations.AddIndex(
            model_name='advisory',
            index=models.Index(condition=models.Q(('is_open', True)), fields=['-released_at', '-public_id'], name='advisory_open_newest'),
        ),
        migrations.AddIndex(
            model_name='advisory',
            index=models.Index(condition=models.Q(('is_withdrawn', True)), fields=['-released_at', '-public_id'], name='advisory_withdrawn'),
        ),
        migrations.AddIndex(
            model_name='advisoryterm',
            index=models.Index(fields=['advisory', 'facet', 'value'], name='term_of_advisory'),
        ),
        migrations.RunPython(know_common_values, forget_common_values),
    ]
