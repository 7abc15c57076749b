from django.db import migrations

PARTS = (
    "affectedservice attachment attack attribution involvedorganization loss recommendation relatedincident "
    "serviceimpactatupdate source statement update"
).split()
CATALOGUE = "organization service technique tactic mitigation mitigationcoverage threatactor tag".split()

VIEW = [f"view_{model}" for model in ["incident", "release", "advisory", "auditentry", *PARTS, *CATALOGUE]]
WRITE = [
    "add_incident",
    "change_incident",
    "delete_incident",
    "submit_incident",
    *(f"{act}_{model}" for model in PARTS for act in ("add", "change", "delete")),
    *(f"{act}_{model}" for model in CATALOGUE for act in ("add", "change")),
]
GROUPS = {
    "Author": [*VIEW, *WRITE],
    "Reviewer": [*VIEW, *WRITE, "approve_incident"],
    "Publisher": [*VIEW, "publish_incident", "withdraw_incident"],
}
NAMES = {
    "submit_incident": "Can submit an incident for review",
    "approve_incident": "Can approve an incident or send it back",
    "publish_incident": "Can publish and schedule an approved incident",
    "withdraw_incident": "Can withdraw a published incident",
}


def create_groups(apps, schema_editor):
    """Make the groups, and the permissions they need: Django itself makes those only after all migrations."""
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    ContentType = apps.get_model("contenttypes", "ContentType")
    for name, codenames in GROUPS.items():
        group, _ = Group.objects.get_or_create(name=name)
        for codename in codenames:
            act, model = codename.split("_", 1)
            content_type, _ = ContentType.objects.get_or_create(app_label="incidents", model=model)
            verbose = apps.get_model("incidents", model)._meta.verbose_name
            permission, _ = Permission.objects.get_or_create(
                content_type=content_type,
                codename=codename,
                defaults={"name": NAMES.get(codename, f"Can {act} {verbose}")},
            )
            group.permissions.add(permission)


def remove_groups(apps, schema_editor):
    apps.get_model("auth", "Group").objects.filter(name__in=GROUPS).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0003_full_text"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(create_groups, remove_groups)]
