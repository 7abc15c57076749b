from django.db import migrations
from tqdm import tqdm

from incidents.publication.fulltext.carried import refill_sets

CREATE = {
    "sqlite": [
        "CREATE TABLE IF NOT EXISTS incidents_advisory_set "
        "(mark text NOT NULL, block integer NOT NULL, bits blob NOT NULL, PRIMARY KEY (mark, block)) WITHOUT ROWID",
        "CREATE INDEX advisory_text_by_date ON incidents_advisory_text (known_on)",
    ],
    "postgresql": [
        'CREATE TABLE IF NOT EXISTS incidents_advisory_set (mark text COLLATE "C" NOT NULL, block bigint NOT NULL, bits bytea NOT NULL, '
        "PRIMARY KEY (mark, block))",
        "ALTER TABLE incidents_advisory_set ALTER COLUMN bits SET STORAGE PLAIN",
        "CREATE INDEX advisory_text_by_date ON incidents_advisory_text (known_on, sequence)",
    ],
}


def create(apps, schema_editor):
    """Make the table, in which PostgreSQL keeps blocks beside their keys, uncompressed, and an index of dates."""
    for statement in CREATE[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    schema_editor.execute("DROP INDEX advisory_text_by_date")
    schema_editor.execute("DROP TABLE incidents_advisory_set")


def fill(apps, schema_editor):
    """Put what was released before into its sets."""
    total = apps.get_model("incidents", "Advisory").objects.count()
    with tqdm(total=total, unit="advisory", disable=None, leave=False) as bar:
        refill_sets(bar.update)


class Migration(migrations.Migration):

    dependencies = [
        ('incidents', '0032_index_catalogue_by_name'),
    ]

    operations = [
        migrations.RunPython(create, drop),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
