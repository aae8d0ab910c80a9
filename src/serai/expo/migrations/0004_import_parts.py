"""An import that is written in parts says what was begun, and in which turn."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("expo", "0003_revision")]

    operations = [
        migrations.AddField(
            "import",
            "turn",
            models.PositiveSmallIntegerField(
                default=0, help_text="How often it has been applied, the time that is being applied among them."
            ),
        ),
        migrations.AlterField(
            "import",
            "state",
            models.CharField(
                choices=[
                    ("reading", "Being read"),
                    ("previewed", "Previewed, nothing changed yet"),
                    ("applying", "Being applied"),
                    ("applied", "Applied"),
                    ("undoing", "Being taken back"),
                    ("undone", "Undone"),
                ],
                default="previewed",
                max_length=16,
            ),
        ),
    ]
