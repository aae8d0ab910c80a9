"""Letters and webhooks are leased to a worker for a while; letters about accounts are queued, too."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("expo", "0001_schema")]

    operations = [
        migrations.RenameField("mail", "claimed_at", "due_at"),
        migrations.AlterField(
            "mail",
            "due_at",
            models.DateTimeField(
                blank=True,
                help_text="Not before; while it is being sent, until when it is leased to a worker.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="mail",
            name="expires_at",
            field=models.DateTimeField(
                blank=True, help_text="It goes before all others, and not after this time.", null=True
            ),
        ),
        migrations.AddField(
            model_name="mail",
            name="tried_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="webhook",
            name="busy_until",
            field=models.DateTimeField(
                default=django.utils.timezone.now,
                help_text="Until when a worker sends to it; one at a time, whoever was served first.",
            ),
        ),
        migrations.AlterField(
            model_name="mail",
            name="edition",
            field=models.ForeignKey(
                blank=True,
                help_text="None: about an account.",
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="mails",
                to="expo.edition",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(fields=["state", "next_at"], name="expo_delive_state_caff27_idx"),
        ),
        migrations.AddIndex(
            model_name="mail",
            index=models.Index(fields=["state", "due_at"], name="expo_mail_state_b9ed20_idx"),
        ),
    ]
