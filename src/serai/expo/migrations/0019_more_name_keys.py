"""Make the keys of names anew: they know more legal forms, articles of more languages, and letters such as ł and ı."""

from importlib import import_module
from typing import ClassVar

from django.db import migrations

make_anew = import_module("serai.expo.migrations.0007_name_keys").make_anew


class Migration(migrations.Migration):
    dependencies: ClassVar = [("expo", "0018_booth_build")]
    operations: ClassVar = [migrations.RunPython(make_anew, migrations.RunPython.noop)]
