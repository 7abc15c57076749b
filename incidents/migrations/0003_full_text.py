from django.db import migrations

CREATE = {
    "sqlite": [
        "CREATE VIRTUAL TABLE incidents_advisory_text USING fts5("
        "words, tokenize = \"unicode61 remove_diacritics 2\", prefix = '2 3')",
    ],
    "postgresql": [
        "CREATE TABLE incidents_advisory_text (advisory_id bigint PRIMARY KEY, words tsvector NOT NULL)",
        "CREATE INDEX advisory_text_words ON incidents_advisory_text USING gin (words)",
    ],
}


def create(apps, schema_editor):
    for statement in CREATE[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    schema_editor.execute("DROP TABLE incidents_advisory_text")


class Migration(migrations.Migration):
    dependencies = [("incidents", "0002_append_only_ledger_and_log")]

    operations = [migrations.RunPython(create, drop)]
