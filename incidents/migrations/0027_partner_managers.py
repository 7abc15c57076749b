import django.db.models.deletion
from django.db import migrations, models

GROUP = "Partner manager"
NAMES = {"partner": "partner", "apikey": "API key"}
PERMISSIONS = ("view_partner", "add_partner", "change_partner", "delete_partner", "view_apikey", "add_apikey", "change_apikey")


def create_group(apps, schema_editor):
    """Make the group of those who manage partners, who also choose members among the accounts."""
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    ContentType = apps.get_model("contenttypes", "ContentType")
    group, _ = Group.objects.get_or_create(name=GROUP)
    for app, codename in [*(("incidents", name) for name in PERMISSIONS), ("accounts", "view_user")]:
        act, model = codename.split("_", 1)
        content_type, _ = ContentType.objects.get_or_create(app_label=app, model=model)
        permission, _ = Permission.objects.get_or_create(
            content_type=content_type, codename=codename, defaults={"name": f"Can {act} {NAMES.get(model, model)}"}
        )
        group.permissions.add(permission)


def remove_group(apps, schema_editor):
    apps.get_model("auth", "Group").objects.filter(name=GROUP).delete()


class Migration(migrations.Migration):
    dependencies = [("incidents", "0026_titles_in_other_languages"), ("accounts", "0001_make_user")]

    operations = [
        migrations.AlterField(
            model_name="apikey",
            name="partner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="keys", to="incidents.partner"
            ),
        ),
        migrations.RunPython(create_group, remove_group),
    ]
