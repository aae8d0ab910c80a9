from django.db import migrations, models
from django.db.models import F

TOLD = ("scheduled", "confirmed", "held", "missed")


def know_what_was_told(apps, _editor):
    """Nobody is written to about meetings that were told before letters were."""
    meetings = apps.get_model("expo", "Meeting").objects.filter(state__in=TOLD)
    meetings.update(written_starts_at=F("starts_at"), written_place=F("place"))


def rename_letter(before, after):
    def rename(apps, _editor):
        """An organiser's own words for a moved meeting stay in use under the letter's wider name."""
        apps.get_model("expo", "MailTemplate").objects.filter(key=before).update(key=after)

    return rename


class Migration(migrations.Migration):

    dependencies = [
        ('expo', '0026_steps_of_a_meeting_that_is_moved'),
    ]

    operations = [
        migrations.AddField(
            model_name='meeting',
            name='written_place',
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name='meeting',
            name='written_starts_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RunPython(know_what_was_told, migrations.RunPython.noop),
        migrations.RunPython(
            rename_letter("meeting-moved", "meeting-changed"), rename_letter("meeting-changed", "meeting-moved")
        ),
    ]
