"""The groups of countries of a fair: fairs that exist go on showing what they have shown."""

from typing import Any, ClassVar

from django.db import migrations, models

SHOWN = [
    *("WTO", "EU", "EFTA", "EAEU", "ASEAN", "RCEP", "CPTPP", "USMCA", "MERCOSUR", "GCC", "AFCFTA", "AU", "APEC", "SCO"),
    *("BRICS", "G20", "G7", "OECD", "LDC", "LLDC", "SIDS", "BRI", "US-EUROPE"),
]


def keep_what_was_shown(apps: Any, _schema: Any) -> None:
    apps.get_model("expo", "Edition").objects.update(country_groups=SHOWN)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("expo", "0015_desk_invitations")]
    operations: ClassVar = [
        migrations.AddField(
            "edition",
            "country_groups",
            models.JSONField(
                blank=True, default=list, help_text="Keys of the groups of countries for which shares are shown."
            ),
        ),
        migrations.RunPython(keep_what_was_shown, migrations.RunPython.noop),
    ]
