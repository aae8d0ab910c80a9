"""Make the keys of names anew: they know more legal forms, articles and words for "and" than before."""

from typing import Any, ClassVar

from django.db import migrations

from serai.expo.firms.record.domain.names import name_key


def make_anew(apps: Any, _schema: Any) -> None:
    for model, name, key in (("Firm", "legal_name", "name_key"), ("FirmAlias", "name", "key")):
        manager = apps.get_model("expo", model)._base_manager
        changed = []
        for row in manager.only(name, key).iterator(chunk_size=1_000):
            if (now := name_key(getattr(row, name))[:300]) != getattr(row, key):
                setattr(row, key, now)
                changed.append(row)
        manager.bulk_update(changed, [key], batch_size=500)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("expo", "0006_jobs")]
    operations: ClassVar = [migrations.RunPython(make_anew, migrations.RunPython.noop)]
