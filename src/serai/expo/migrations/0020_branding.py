"""How a fair looks, its own words on the front page, and its own pages."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

from serai.expo.base.text import LocalizedTextField


class Migration(migrations.Migration):
    dependencies: ClassVar = [("expo", "0019_more_name_keys")]
    operations: ClassVar = [
        migrations.AddField(
            "edition",
            "branding",
            models.JSONField(
                blank=True, default=dict, help_text="Colours, tokens of the pictures, and titles of the own pages."
            ),
        ),
        migrations.AddField(
            "edition",
            "welcome",
            LocalizedTextField(
                blank=True, default=dict, help_text="The organiser's words on the front page, in Markdown."
            ),
        ),
        migrations.CreateModel(
            name="OwnPage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "slug",
                    models.SlugField(
                        help_text="The last part of its web address, such as 'how-to-get-there'.",
                        max_length=60,
                        verbose_name="Address",
                    ),
                ),
                ("title", LocalizedTextField(blank=True, default=dict, verbose_name="Title")),
                ("text", LocalizedTextField(blank=True, default=dict, verbose_name="Text")),
                ("order", models.PositiveSmallIntegerField(default=10, verbose_name="Order")),
                ("published", models.BooleanField(default=False, verbose_name="Published")),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="own_pages", to="expo.edition"
                    ),
                ),
            ],
            options={
                "ordering": ["order", "pk"],
                "constraints": [models.UniqueConstraint(fields=["edition", "slug"], name="own_page_once_an_edition")],
            },
        ),
    ]
