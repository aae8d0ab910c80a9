"""The Django app of the fair."""

from importlib import import_module
from typing import Any

from django import forms
from django.apps import AppConfig, apps
from django.db import connections, models
from django.db.models.signals import post_migrate

from serai.expo.base.rooms import layer
from serai.expo.base.text import keep_no_control, validate_no_control


class ExpoConfig(AppConfig):
    name = "serai.expo"
    label = "expo"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        _keep_texts_clean()
        import_module("serai.expo.firms.record.domain.fields")  # a field of a firm without an audience does not start
        # Importing the rules registers the permissions, which every has_perm asks for.
        layer("rules")
        _tell_other_systems()
        post_migrate.connect(_install_triggers, sender=self)


def _keep_texts_clean() -> None:
    """No text of any model, whoever writes it, has a control character; forms say which one is to be removed."""
    forms.CharField.default_validators = [validate_no_control]
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.concrete_fields:
            if isinstance(field, models.CharField | models.TextField | models.JSONField):
                keep_no_control(field)


def _tell_other_systems() -> None:
    """Let each entry of the audit trail be told to the addresses that want it."""
    from serai.expo.base.audit.domain.entries import recorded
    from serai.expo.site.api.domain import tell  # models can be imported only now

    recorded.connect(tell)


def _install_triggers(using: str, **_: Any) -> None:
    """Make the triggers anew: SQLite drops them with a table that a migration makes anew."""
    from serai.expo.base import revisions  # models can be imported only now
    from serai.expo.offers.search.domain import stores

    with connections[using].cursor() as cursor:
        tables = {table.name for table in connections[using].introspection.get_table_list(cursor)}
    if "expo_searchentry" in tables:
        stores.install(connections[using])
    revisions.install(connections[using])
