"""What every test shares: where the real data is, and passwords that are hashed fast."""

import os
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import settings as hypothesis_settings

SHARED_DATA = Path(__file__).parents[2] / "shared" / "data"


def pytest_configure() -> None:
    """A slow hash guards real passwords; here it would only slow every test down that signs someone in."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # Each process of the tests counts for itself: they share the folder of the instance.
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    # How long an example takes says how busy the machine is, not whether it is right.
    # The same examples at each run, that a change is judged by what it changed; SERAI_RANDOM=1 looks for new ones.
    hypothesis_settings.register_profile("serai", deadline=None, derandomize="SERAI_RANDOM" not in os.environ)
    hypothesis_settings.load_profile("serai")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with tests that take long come first: handed out last, one would keep a process while the others idle."""
    long = {item.path for item in items if any(item.get_closest_marker(name) for name in ("browser", "slow"))}
    items.sort(key=lambda item: (item.path not in long, "every_page" not in item.path.name))


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real tables and lists; without it a test is skipped with the reason shown."""
    named = os.environ.get("SERAI_DATA")
    folder = Path(named) if named else SHARED_DATA
    if not folder.is_dir():
        pytest.skip(f"no real data: SERAI_DATA names no folder and {SHARED_DATA} is absent")
    return folder
