"""The Django app of the fair."""

from importlib import import_module

from django.apps import AppConfig


class ExpoConfig(AppConfig):
    name = "serai.expo"
    label = "expo"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Importing the rules registers the permissions, which every has_perm asks for.
        import_module("serai.expo.editions.rules")
        import_module("serai.expo.firms.rules")
