"""Have all meanings made anew: the packaged encoder reads a text together with its English words (match/meanings.py).

The vectors that are there serve until the worker has made the new ones.
"""

from typing import Any, ClassVar

from django.db import migrations


def make_anew(apps: Any, _schema: Any) -> None:
    firms = apps.get_model("expo", "SearchEntry")._base_manager.filter(kind="firm", encoder="use-multilingual-v3")
    firms.update(vector=None)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("expo", "0033_picture_focus")]
    operations: ClassVar = [migrations.RunPython(make_anew, migrations.RunPython.noop)]
