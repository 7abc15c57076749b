from django.db import migrations

GROUPS = {"Author": ("view", "add", "change", "delete"), "Reviewer": ("view", "add", "change", "delete"), "Publisher": ("view",)}


def let_groups_write(apps, schema_editor):
    """Give the groups of editors the permissions for translations."""
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="incidents", model="translation"
    )
    for name, acts in GROUPS.items():
        group, _ = Group.objects.get_or_create(name=name)
        for act in acts:
            permission, _ = Permission.objects.get_or_create(
                content_type=content_type, codename=f"{act}_translation", defaults={"name": f"Can {act} translation"}
            )
            group.permissions.add(permission)


def stop_groups(apps, schema_editor):
    apps.get_model("auth", "Permission").objects.filter(
        content_type__app_label="incidents", codename__endswith="_translation"
    ).delete()


class Migration(migrations.Migration):
    dependencies = [("incidents", "0021_translations"), ("incidents", "0004_editor_groups")]

    operations = [migrations.RunPython(let_groups_write, stop_groups)]
