from django.db import migrations, models

STANDING = "FROM incidents_advisory WHERE NOT is_withdrawn"
NAMED = "FROM incidents_advisoryterm AS term JOIN incidents_advisory AS advisory ON advisory.id = advisory_id"
COUNT = f"""
INSERT INTO incidents_tally (facet, value, clear, green, amber, amber_strict)
SELECT facet, value, COUNT(CASE WHEN tlp_rank <= 0 THEN 1 END), COUNT(CASE WHEN tlp_rank <= 1 THEN 1 END),
    COUNT(CASE WHEN tlp_rank <= 2 THEN 1 END), COUNT(CASE WHEN tlp_rank <= 3 THEN 1 END)
FROM (
    SELECT 'all' AS facet, '' AS value, tlp_rank {STANDING}
    UNION ALL SELECT 'severity', severity, tlp_rank {STANDING}
    UNION ALL SELECT 'year', CAST(year AS varchar), tlp_rank {STANDING}
    UNION ALL SELECT 'state', state, tlp_rank {STANDING}
    UNION ALL SELECT 'state', 'open', tlp_rank {STANDING} AND is_open
    UNION ALL SELECT 'state', 'withdrawn', tlp_rank FROM incidents_advisory WHERE is_withdrawn
    UNION ALL SELECT facet, value, tlp_rank FROM (
        SELECT DISTINCT facet, value, advisory_id, tlp_rank {NAMED} WHERE NOT is_withdrawn
    ) AS each_once
    UNION ALL SELECT 'certainty', certainty, tlp_rank FROM (
        SELECT DISTINCT certainty, advisory_id, tlp_rank {NAMED} WHERE NOT is_withdrawn AND certainty <> ''
    ) AS each_certainty
    UNION ALL SELECT certainty, value, tlp_rank FROM (
        SELECT DISTINCT certainty, value, advisory_id, tlp_rank {NAMED} WHERE NOT is_withdrawn AND certainty <> ''
    ) AS each_technique
) AS counted
WHERE tlp_rank < 4
GROUP BY facet, value
"""


class Migration(migrations.Migration):

    dependencies = [
        ('incidents', '0018_count_old_releases_for_insights'),
    ]

    operations = [
        migrations.CreateModel(
            name='Tally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('facet', models.CharField(max_length=12)),
                ('value', models.CharField(max_length=170)),
                ('clear', models.IntegerField()),
                ('green', models.IntegerField()),
                ('amber', models.IntegerField()),
                ('amber_strict', models.IntegerField()),
            ],
            options={
                'verbose_name_plural': 'tallies',
                'indexes': [models.Index(fields=['facet', '-clear', 'value'], name='tally_most_common')],
                'constraints': [models.UniqueConstraint(fields=('facet', 'value'), name='tally_once_per_value')],
            },
        ),
        migrations.RunSQL(COUNT, migrations.RunSQL.noop),
    ]
