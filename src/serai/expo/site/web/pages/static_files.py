"""Files of pages have a hash of what they hold in their names, so that browsers may keep them for a year."""

from functools import cache
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage, staticfiles_storage
from whitenoise.middleware import WhiteNoiseMiddleware


class HashedFiles(StaticFilesStorage):
    """Names files by what they hold: ``serai/base.css`` is served as ``serai/base.1f0c9a7b52d3.css``.

    Django's ManifestStaticFilesStorage needs all files collected in a folder first; here they stay in the package.
    No file of the package names another, so none has to be rewritten. While debugging, files change under their own
    names.
    """

    def url(self, name: str | None) -> str:
        return str(super().url(name if settings.DEBUG or not name else hashed(name)))


@cache
def hashed(name: str) -> str:
    """The name with the hash before its ending; a name that no file has stays as it is."""
    path_on_disk = finders.find(name)
    if not isinstance(path_on_disk, str):
        return name
    digest = sha256(Path(path_on_disk).read_bytes()).hexdigest()[:12]
    path = PurePosixPath(name)
    return str(path.with_name(f"{path.stem}.{digest}{path.suffix}"))


class StaticFiles(WhiteNoiseMiddleware):  # type: ignore[misc]  # WhiteNoise says no types
    """Serves each file by its own name for an hour and by its hashed one for a year."""

    FOREVER = 365 * 24 * 3600

    def add_file_to_dictionary(self, url: str, path: str, stat_cache: Any = None) -> None:
        super().add_file_to_dictionary(url, path, stat_cache=stat_cache)
        hashed_url = staticfiles_storage.url(url.removeprefix(self.static_prefix))
        super().add_file_to_dictionary(hashed_url, path, stat_cache=stat_cache)
