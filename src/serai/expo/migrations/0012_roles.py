"""Roles of organisers: who organised as something else is a manager, and each organisation has an owner."""

from typing import Any, ClassVar

from django.db import migrations, models

KINDS = {
    "owner": "Owner",
    "manager": "Manager",
    "sales": "Sales",
    "scanner": "Lead scanner",
    "member": "Member",
    "programme": "Programme",
    "floor": "Floor",
    "matchmaking": "Matchmaking",
    "viewer": "Viewer",
}
OF_FIRMS_ONLY = ("sales", "scanner", "member")


def name_roles(apps: Any, _schema: Any) -> None:
    organising = apps.get_model("expo", "Role").objects.filter(organisation__isnull=False)
    organising.filter(kind__in=OF_FIRMS_ONLY).update(kind="manager")
    owned = organising.filter(kind="owner").values("organisation")
    firsts: dict[int, int] = {}
    for pk, organisation in organising.exclude(organisation__in=owned).order_by("pk").values_list("pk", "organisation"):
        firsts.setdefault(organisation, pk)
    organising.filter(pk__in=firsts.values()).update(kind="owner")


class Migration(migrations.Migration):
    dependencies: ClassVar = [("expo", "0011_contact_persons")]
    operations: ClassVar = [
        migrations.AlterField("role", "kind", models.CharField(max_length=16, choices=list(KINDS.items()))),
        migrations.RunPython(name_roles, migrations.RunPython.noop),
    ]
