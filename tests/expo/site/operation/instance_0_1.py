"""An instance as version 0.1 left it: the schema of its tag, with rows of a small fair. Run as a program.

The tables are made by the first migration alone, and filled through the models as that migration knows them.
"""

import os
from datetime import UTC, date, datetime

import django

NOW = datetime(2026, 11, 28, 9, tzinfo=UTC)


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "serai.expo.settings"
    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    call_command("migrate", "expo", "0001_schema", verbosity=0, interactive=False)
    models = MigrationLoader(connection).project_state(("expo", "0001_schema")).apps

    def made(model: str, **values: object) -> object:
        return models.get_model("expo", model)._base_manager.create(**values)

    user = made("User", email="organiser@example.org", name="Organiser", password="!")
    organisation = made("Organisation", slug="council", name={"en": "Council"}, country="CN")
    made("Role", user=user, organisation=organisation, kind="owner")
    edition = made(
        "Edition",
        organisation=organisation,
        slug="fair",
        name={"en": "Fair"},
        country="CN",
        starts_on=date(2026, 11, 28),
        ends_on=date(2026, 11, 30),
        state="published",
    )
    firms = [
        made(
            "Firm",
            identifier=f"CN2026{number:07}",
            legal_name=f"{name} Ltd",
            sort_name=name,
            name_key=name.lower(),
            name={"en": name},
            country="KE",
        )
        for number, name in enumerate(("Tea", "Coffee"))
    ]
    sides = [
        made("Participation", edition=edition, firm=firm, kind=kind, state="confirmed", tokens=f" {kind} ")
        for firm, kind in zip(firms, ("exhibitor", "buyer"), strict=True)
    ]
    offer = made("Offer", edition=edition, participation=sides[0], number=1, title={"en": "Black tea"})
    made("Need", edition=edition, participation=sides[1], number=1, title={"en": "Tea"})
    made("Wish", edition=edition, wisher=sides[1], wished=sides[0], strength="must")
    made("Meeting", edition=edition, host=sides[0], guest=sides[1])
    made("Lead", edition=edition, participation=sides[0], person="Li Wei", notes="Wants samples")
    made("AuditEntry", at=NOW, user=user, edition=edition, action="offer.made", object_type="offer", object_id="1")
    batch = made("Import", edition=edition, file_name="list.csv", sha256="0" * 64, state="applied", header=["Name"])
    steps = [{"made": "offer", "pk": offer.pk, "digest": "0" * 16, "turn": 1}]  # type: ignore[attr-defined]
    made("ImportRow", batch=batch, number=2, raw=["Tea"], state="new", firm=firms[0], undo=steps)


if __name__ == "__main__":
    main()
