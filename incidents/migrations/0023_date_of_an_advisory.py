from django.db import migrations, models

FIRST_DAY = {
    "sqlite": "substr(first_released_at, 1, 10)",
    "postgresql": "to_char(first_released_at AT TIME ZONE 'UTC', 'YYYY-MM-DD')",
}
KNOWN_ON = """
UPDATE incidents_advisory SET known_on = CASE
    WHEN occurred_from <> '' THEN occurred_from WHEN disclosed <> '' THEN disclosed ELSE {first_day} END
"""
INDEX = {
    "sqlite": [
        "ALTER TABLE incidents_advisory_text ADD COLUMN known_on text",
        "CREATE TABLE incidents_advisory_token (token text PRIMARY KEY, times integer NOT NULL) WITHOUT ROWID",
    ],
    "postgresql": [
        'ALTER TABLE incidents_advisory_text ADD COLUMN known_on text COLLATE "C"',
        'CREATE TABLE incidents_advisory_token (token text COLLATE "C" PRIMARY KEY, times integer NOT NULL)',
    ],
}
STANDING = "FROM incidents_advisory WHERE NOT is_withdrawn"
COUNT = f"""
INSERT INTO incidents_tally (facet, value, clear, green, amber, amber_strict)
SELECT facet, value, COUNT(CASE WHEN tlp_rank <= 0 THEN 1 END), COUNT(CASE WHEN tlp_rank <= 1 THEN 1 END),
    COUNT(CASE WHEN tlp_rank <= 2 THEN 1 END), COUNT(CASE WHEN tlp_rank <= 3 THEN 1 END)
FROM (
    SELECT 'month' AS facet, substr(known_on, 1, 7) AS value, tlp_rank {STANDING}
    UNION ALL SELECT 'day', substr(known_on, 1, 10), tlp_rank {STANDING}
    UNION ALL SELECT 'course', facet || ':' || value || ' ' || substr(known_on, 1, 7) || ' ' || how, tlp_rank FROM (
        SELECT facet, value, known_on, tlp_rank, MIN(certainty) AS how
        FROM incidents_advisoryterm AS term JOIN incidents_advisory AS advisory ON advisory.id = advisory_id
        WHERE NOT is_withdrawn AND facet IN ('technique', 'mitigation') AND certainty <> 'context'
        GROUP BY facet, value, known_on, tlp_rank, advisory_id
    ) AS each_month
) AS counted
WHERE tlp_rank < 4
GROUP BY facet, value
"""


def read_dates(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    schema_editor.execute(KNOWN_ON.format(first_day=FIRST_DAY[vendor]))
    for statement in INDEX[vendor]:
        schema_editor.execute(statement)


def forget_dates(apps, schema_editor):
    schema_editor.execute("ALTER TABLE incidents_advisory_text DROP COLUMN known_on")
    schema_editor.execute("DROP TABLE incidents_advisory_token")


class Migration(migrations.Migration):
    """An advisory knows its date, and so do its row in the search index and the counts; the index knows its words."""

    dependencies = [
        ('incidents', '0022_editors_write_translations'),
    ]

    operations = [
        migrations.AddField(
            model_name='advisory',
            name='known_on',
            field=models.CharField(
                default='',
                help_text='Date of the occurrence, else of the disclosure, else of the first release.',
                max_length=17,
            ),
        ),
        migrations.AlterField(
            model_name='advisory',
            name='year',
            field=models.PositiveSmallIntegerField(help_text='Of that date.'),
        ),
        migrations.RunPython(read_dates, forget_dates),
        migrations.RemoveIndex(model_name='advisory', name='advisory_by_occurrence'),
        migrations.AddIndex(
            model_name='advisory',
            index=models.Index(fields=['-known_on', '-public_id'], name='advisory_by_date'),
        ),
        migrations.RunSQL(COUNT, "DELETE FROM incidents_tally WHERE facet IN ('month', 'day', 'course')"),
    ]
