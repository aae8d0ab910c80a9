"""The entry point of the task worker: ``python -m serai.expo.worker``."""

import os

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "serai.expo.settings")
    django.setup()
    from django.conf import settings

    from serai.expo.base.tasks.domain.worker import work

    work(settings.TASK_SLOTS)
