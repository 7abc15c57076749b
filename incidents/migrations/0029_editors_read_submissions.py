from django.db import migrations

GROUPS = {
    "Author": ("view_submission", "change_submission", "view_sentfile"),
    "Reviewer": ("view_submission", "change_submission", "view_sentfile"),
    "Publisher": ("view_submission", "view_sentfile"),
}


def let_groups_read(apps, schema_editor):
    """Give the groups of editors the permissions for the inbox."""
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    ContentType = apps.get_model("contenttypes", "ContentType")
    for name, codenames in GROUPS.items():
        group, _ = Group.objects.get_or_create(name=name)
        for codename in codenames:
            act, model = codename.split("_", 1)
            content_type, _ = ContentType.objects.get_or_create(app_label="incidents", model=model)
            verbose = apps.get_model("incidents", model)._meta.verbose_name
            permission, _ = Permission.objects.get_or_create(
                content_type=content_type, codename=codename, defaults={"name": f"Can {act} {verbose}"}
            )
            group.permissions.add(permission)


def stop_groups(apps, schema_editor):
    apps.get_model("auth", "Permission").objects.filter(
        content_type__app_label="incidents", content_type__model__in=("submission", "sentfile")
    ).delete()


class Migration(migrations.Migration):
    dependencies = [("incidents", "0028_submissions"), ("incidents", "0022_editors_write_translations")]

    operations = [migrations.RunPython(let_groups_read, stop_groups)]
