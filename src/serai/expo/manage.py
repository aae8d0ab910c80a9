"""Django's own commands for those who develop Serai: ``python -m serai.expo.manage makemigrations``."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "serai.expo.settings")
    execute_from_command_line(sys.argv)
