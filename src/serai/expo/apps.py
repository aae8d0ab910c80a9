"""The Django app of the fair."""

from django.apps import AppConfig


class ExpoConfig(AppConfig):
    name = "serai.expo"
    label = "expo"
    default_auto_field = "django.db.models.BigAutoField"
