
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('expo', '0001_a_new_database'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='badge',
            index=models.Index(fields=['edition', '-made_at', '-id'], name='expo_badge_edition_a12d8c_idx'),
        ),
    ]
