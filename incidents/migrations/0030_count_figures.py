from django.db import migrations

STANDING = "FROM incidents_advisory WHERE NOT is_withdrawn"
COUNTED = f"{STANDING} AND NOT is_exercise"
NAMED = (
    "FROM incidents_advisoryterm AS term JOIN incidents_advisory AS advisory ON advisory.id = advisory_id "
    "WHERE NOT is_withdrawn AND NOT is_exercise"
)
OBSERVED = f"{NAMED} AND facet = 'technique' AND certainty = 'observed' AND length(occurred_from) >= 7"
COUNT = f"""
INSERT INTO incidents_tally (facet, value, clear, green, amber, amber_strict)
SELECT facet, value, COUNT(CASE WHEN tlp_rank <= 0 THEN 1 END), COUNT(CASE WHEN tlp_rank <= 1 THEN 1 END),
    COUNT(CASE WHEN tlp_rank <= 2 THEN 1 END), COUNT(CASE WHEN tlp_rank <= 3 THEN 1 END)
FROM (
    SELECT 'figure' AS facet, 'exercise' AS value, tlp_rank {STANDING} AND is_exercise
    UNION ALL SELECT 'figure', 'year ' || CAST(year AS varchar) || ' ' || attribution, tlp_rank {COUNTED}
    UNION ALL SELECT 'figure', 'month ' || substr(occurred_from, 1, 7) || ' ' || CAST(severity_rank AS varchar), tlp_rank
        {COUNTED}
    UNION ALL SELECT 'figure', 'delay ' || CASE WHEN days_to_disclosure >= 0 THEN CAST(days_to_disclosure AS varchar)
        WHEN days_to_disclosure < 0 THEN 'before' WHEN occurred_from <> '' AND disclosed <> '' THEN 'vague'
        ELSE 'unknown' END, tlp_rank {COUNTED}
    UNION ALL SELECT 'figure', facet || ' ' || value, tlp_rank {NAMED} AND facet IN ('sector', 'country')
    UNION ALL SELECT 'figure', facet, tlp_rank FROM (
        SELECT DISTINCT facet, advisory_id, tlp_rank {NAMED} AND facet IN ('sector', 'country')
    ) AS each_carrier
    UNION ALL SELECT 'seen', substr(occurred_from, 1, 7) || ' ' || value, tlp_rank {OBSERVED}
    UNION ALL SELECT 'seen', month, tlp_rank FROM (
        SELECT DISTINCT substr(occurred_from, 1, 7) AS month, advisory_id, tlp_rank {OBSERVED}
    ) AS each_observer
) AS counted
WHERE tlp_rank < 4
GROUP BY facet, value
"""


class Migration(migrations.Migration):
    """What insights count is counted once for what has been released already, and from then on while projecting."""

    dependencies = [
        ('incidents', '0029_editors_read_submissions'),
    ]

    operations = [
        migrations.RunSQL(COUNT, "DELETE FROM incidents_tally WHERE facet IN ('figure', 'seen')"),
    ]
