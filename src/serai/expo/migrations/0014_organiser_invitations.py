"""Invitations of organisers by mail."""

from typing import ClassVar

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

KINDS = {
    "owner": "Owner",
    "manager": "Manager",
    "programme": "Programme",
    "floor": "Floor",
    "matchmaking": "Matchmaking",
    "viewer": "Viewer",
}


class Migration(migrations.Migration):
    dependencies: ClassVar = [("expo", "0013_own_fields")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="OrganiserInvitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("email", models.EmailField(max_length=254)),
                ("kind", models.CharField(choices=list(KINDS.items()), max_length=16)),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("sent_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("expires_at", models.DateTimeField()),
                ("opened_at", models.DateTimeField(blank=True, null=True)),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="organiser_invitations",
                        to="expo.organisation",
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-sent_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("accepted_at__isnull", True)),
                        fields=("organisation", "email"),
                        name="one_open_invitation_of_an_organiser",
                    )
                ],
            },
        ),
    ]
