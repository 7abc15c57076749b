from django.db import migrations, models

DROP = {
    "sqlite": ["DROP TABLE incidents_advisory_text"],
    "postgresql": ["DROP TABLE incidents_advisory_text"],
}
CREATE = {
    "sqlite": [
        "CREATE TABLE incidents_advisory_text "
        "(sequence integer PRIMARY KEY, advisory_id integer NOT NULL UNIQUE, marks text NOT NULL)",
        "CREATE VIRTUAL TABLE incidents_advisory_words USING fts5(words, tokenize = 'ascii')",
    ],
    "postgresql": [
        "CREATE TABLE incidents_advisory_text (sequence bigint PRIMARY KEY, advisory_id bigint NOT NULL UNIQUE, "
        "marks text NOT NULL, words tsvector NOT NULL)",
        "CREATE INDEX advisory_text_words ON incidents_advisory_text USING gin (words)",
        "CREATE INDEX tally_beginnings ON incidents_tally (facet, value varchar_pattern_ops)",
    ],
}
FORMER = {
    "sqlite": [
        "CREATE VIRTUAL TABLE incidents_advisory_text USING fts5("
        "words, tokenize = \"unicode61 remove_diacritics 2\", prefix = '2 3')",
    ],
    "postgresql": [
        "CREATE TABLE incidents_advisory_text (advisory_id bigint PRIMARY KEY, words tsvector NOT NULL)",
        "CREATE INDEX advisory_text_words ON incidents_advisory_text USING gin (words)",
    ],
}


def renew(apps, schema_editor):
    """Make the tables, empty: `fill_search_index` fills them, in chunks."""
    vendor = schema_editor.connection.vendor
    for statement in DROP[vendor] + CREATE[vendor]:
        schema_editor.execute(statement)


def restore(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for statement in DROP[vendor] + FORMER[vendor]:
        schema_editor.execute(statement)
    schema_editor.execute(
        "DROP TABLE incidents_advisory_words" if vendor == "sqlite" else "DROP INDEX tally_beginnings"
    )


class Migration(migrations.Migration):

    dependencies = [
        ('incidents', '0019_keep_counts'),
    ]

    operations = [
        migrations.CreateModel(
            name='Spelling',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('variant', models.CharField(max_length=60)),
                ('word', models.CharField(max_length=60)),
                ('tlp_rank', models.PositiveSmallIntegerField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('variant', 'word'), name='spelling_once_per_variant')],
            },
        ),
        migrations.RunPython(renew, restore),
    ]
