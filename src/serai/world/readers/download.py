"""Download of a publisher's table into the cache folder: resumed after a cut, checked, and never half a file.

Where the files come from stands in publishers.toml beside this. A download goes into `NAME.part` and is continued where
it was cut, also by a later call; it takes its place only when it is whole and has the checksum known from elsewhere or
written down at the first download (`checksums.json` in the reader's folder). Some publishers' servers answer browsers
only: a zip that a person has put into that folder is checked and unpacked in the same way.
"""

import hashlib
import http
import http.client
import json
import shutil
import time
import tomllib
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from serai.world.cache import cache_folder
from serai.world.progress import Progress, silent
from serai.world.readers import READERS, Reader
from serai.world.readers.product_files import PRODUCT_FILES, ProductFile

CHUNK = 1 << 20
ATTEMPTS = 5
WAIT = 1.0
"""Seconds before the second attempt; each later one waits twice as long."""
TIMEOUT = 60.0
CHECKSUMS = "checksums.json"


class NotDownloaded(OSError):
    """A table that could not be fetched; the message says why and what to do."""


@dataclass(frozen=True)
class Archive:
    """A zip file of a publisher: its address, the years in it, and the members of each year inside.

    What is `optional` is taken out where it is there. `file` is its name where the address doesn't end in it.
    """

    url: str
    years: tuple[int, int]
    members: tuple[str, ...]
    checksum: str = ""
    optional: tuple[str, ...] = ()
    file: str = ""


@dataclass(frozen=True)
class Publisher:
    """Where a reader's files come from; `advice` says what to do on the page where a program may not fetch them."""

    page: str
    put: str
    advice: str = ""
    archives: tuple[Archive, ...] = ()


@cache
def publishers() -> Mapping[str, Publisher]:
    """The publishers by reader, as publishers.toml has them."""
    entries = tomllib.loads((files("serai.world.readers") / "publishers.toml").read_text(encoding="utf-8"))
    return {key: _publisher(**entry) for key, entry in entries.items()}


def how_to_get(declared: Reader | ProductFile) -> str:
    """In a few words, how the tables of a reader come to this machine."""
    publisher = publishers().get(declared.key)
    if declared.packaged:
        return "in the package"
    if publisher is None:
        return "by path"
    return f"serai world get {declared.key}" if publisher.archives else f"by hand from {publisher.page}"


def get(
    name: str,
    *,
    folder: Path | None = None,
    sources: Mapping[str, Publisher] | None = None,
    again: bool = False,
    progress: Progress = silent,
) -> list[Path]:
    """Fetch a table ("oecd2025/2022"), or all years of a reader ("oecd2025"), into the cache folder; the files' paths.

    A zip with several years is unpacked whole. What is there already is held against its checksum and kept, or fetched
    anew where `again` is true, whatever it was before. Raises KeyError for an unknown name, NotDownloaded, with what to
    do, where the file cannot be had.
    """
    key, _, year = name.partition("/")
    declared = READERS[key] if key in READERS else PRODUCT_FILES.get(key)
    if declared is None:
        raise KeyError(f"There is no reader called '{key}'; known are: {', '.join([*READERS, *PRODUCT_FILES])}.")
    if declared.packaged:
        raise NotDownloaded(f"'{key}' comes with Serai; there is nothing to fetch.")
    if year and (not year.isdigit() or int(year) not in declared.years):
        raise KeyError(f"'{key}' has no year '{year}'; it has {', '.join(map(str, declared.years)) or 'none'}.")
    publisher = (publishers() if sources is None else sources).get(key)
    if publisher is None:
        raise NotDownloaded(f"No publisher is known of '{key}'; give its reader the path of a file.")
    into = (folder or cache_folder("tables")) / key
    got: dict[int, Path] = {}
    for wanted in [int(year)] if year else declared.years:
        if wanted not in got:
            got |= _get_year(publisher, declared, wanted, into, again, progress)
    return list(got.values())


def _get_year(
    publisher: Publisher, declared: Reader | ProductFile, year: int, into: Path, again: bool, progress: Progress
) -> dict[int, Path]:
    """Where the file of the year lies then, and those of the other years of its archive."""
    archive = _archive_of(publisher, year)
    if archive is None:
        here = [path for pattern in declared.files(year) for path in sorted(into.parent.glob(pattern))]
        if not here:
            raise NotDownloaded(_by_hand(publisher, year, into))
        return {year: here[0]}
    paths = [into / _named(member, year) for member in archive.members]
    if not again and all(path.exists() for path in paths):
        for path in paths:
            _expect_unchanged(path, into)
        return {year: into.parent / _named(publisher.put, year)}
    into.mkdir(parents=True, exist_ok=True)
    url = _named(archive.url, year)
    given = into / _zip_name(archive, year)
    part = given.with_name(given.name + ".part")
    covered = [year] if url != archive.url else range(archive.years[0], archive.years[1] + 1)
    try:
        if not given.is_file():
            _download(url, part, progress)
        zipped = given if given.is_file() else part
        try:
            checksum = _expected_checksum(zipped, url, archive.checksum, into, again)
            checksums = _unpack(
                zipped,
                url,
                [_named(member, covered_year) for covered_year in covered for member in archive.members],
                [_named(member, covered_year) for covered_year in covered for member in archive.optional],
            )
        finally:
            _discard(part)
    except NotDownloaded as error:
        raise NotDownloaded(f"{error} {_by_hand(publisher, year, into)}") from None
    except (OSError, http.client.HTTPException) as error:
        advice = _by_hand(publisher, year, into)
        raise NotDownloaded(f"{url} could not be fetched ({_reason(error)}). {advice}") from None
    _write_checksums(into, _checksums(into) | checksums | {url: checksum})
    return {covered_year: into.parent / _named(publisher.put, covered_year) for covered_year in covered}


def _archive_of(publisher: Publisher, year: int) -> Archive | None:
    return next((archive for archive in publisher.archives if archive.years[0] <= year <= archive.years[1]), None)


def _by_hand(publisher: Publisher, year: int, into: Path) -> str:
    """Instructions for a download by hand."""
    archive = _archive_of(publisher, year)
    place = into.parent / _named(publisher.put, year)
    if archive is None:
        return f"Open {publisher.page} in a browser, {publisher.advice}, so that {place} is there."
    zipped = into / _zip_name(archive, year)
    return (
        f"Open {publisher.page} in a browser, save {zipped.name} as {zipped} and run this again, or unpack it so that "
        f"{place} is there."
    )


def _zip_name(archive: Archive, year: int) -> str:
    return _named(archive.file or _file_name(archive.url), year)


def _named(pattern: str, year: int) -> str:
    return pattern.replace("{year}", str(year)).replace("{yy}", f"{year % 100:02d}")


def _publisher(archives: Iterable[Mapping[str, Any]] = (), **fields: str) -> Publisher:
    return Publisher(**fields, archives=tuple(_archive(**archive) for archive in archives))


def _archive(
    url: str, years: list[int], members: list[str], checksum: str = "", optional: Iterable[str] = (), file: str = ""
) -> Archive:
    return Archive(url, (years[0], years[1]), tuple(members), checksum, tuple(optional), file)


# One file over the net


def _download(url: str, part: Path, progress: Progress) -> None:
    """Fetch into `part`, from where it ends; several attempts, each going on where the last one was cut."""
    _expect_http(url)
    for attempt in range(ATTEMPTS):
        if attempt:
            time.sleep(WAIT * 2 ** (attempt - 1))
        try:
            if _continue(url, part, progress):
                return
        except urllib.error.HTTPError as error:
            if error.code < http.HTTPStatus.INTERNAL_SERVER_ERROR:
                raise
            cut: Exception = error
        except (ConnectionError, TimeoutError, http.client.HTTPException) as error:
            cut = error
        else:
            cut = ConnectionError("the connection was cut")
    raise cut


def _continue(url: str, part: Path, progress: Progress) -> bool:
    """One attempt; whether the file is whole."""
    validator = part.with_name(part.name + ".validator")
    have = part.stat().st_size if part.exists() else 0
    headers = {"User-Agent": "serai"}
    if have and validator.exists():
        headers |= {"Range": f"bytes={have}-", "If-Range": validator.read_text(encoding="utf-8")}
    try:
        response = urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=TIMEOUT)  # noqa: S310
    except urllib.error.HTTPError as error:
        error.close()
        if error.code != http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            raise
        if error.headers.get("Content-Range") == f"bytes */{have}":  # it was whole already
            return True
        _discard(part)
        return False
    with response:
        continued = response.status == http.HTTPStatus.PARTIAL_CONTENT
        have = have if continued else 0
        length = response.headers.get("Content-Length")
        total = None if length is None else have + int(length)
        marked = response.headers.get("ETag") or response.headers.get("Last-Modified")
        if marked and not marked.startswith("W/"):
            validator.write_text(marked, encoding="utf-8")
        else:
            validator.unlink(missing_ok=True)
        with part.open("ab" if continued else "wb") as file:
            while chunk := response.read(CHUNK):
                file.write(chunk)
                have += len(chunk)
                progress(_file_name(url), have / total if total else 0.0)
    return total is None or have == total


def _expect_http(url: str) -> None:
    scheme = urlsplit(url).scheme
    if scheme not in {"http", "https"}:
        raise NotDownloaded(f"{url} is no address of the web; only http and https are fetched.")


def _reason(error: Exception) -> str:
    if isinstance(error, urllib.error.HTTPError):
        return f"the server says {error.code} {error.reason}"
    if isinstance(error, urllib.error.URLError):
        return str(error.reason)
    return str(error) or type(error).__name__


def _file_name(url: str) -> str:
    return urlsplit(url).path.rstrip("/").rpartition("/")[2]


def _discard(part: Path) -> None:
    part.unlink(missing_ok=True)
    part.with_name(part.name + ".validator").unlink(missing_ok=True)


# Checks


def _expected_checksum(path: Path, url: str, published: str, into: Path, again: bool) -> str:
    """The checksum of a file; one that is not the one known, or that of the first download, is refused."""
    expected = published or ("" if again else _checksums(into).get(url, ""))
    digest = _digest(path, expected.partition(":")[0] or "sha256")
    if expected and digest != expected:
        where = "known for it" if published else f"of the first download, written down in {into / CHECKSUMS}"
        raise NotDownloaded(
            f"{url} gave a file with the checksum {digest}, not the one {where}, {expected}; it was not unpacked. "
            "Either the transfer was damaged (try once more) or the publisher has another edition there now."
        )
    return digest


def _expect_unchanged(path: Path, into: Path) -> None:
    name = path.relative_to(into).as_posix()
    expected = _checksums(into).get(name)
    if expected and _digest(path, "sha256") != expected:
        raise NotDownloaded(f"{path} is no longer what was downloaded; delete it and get it again.")


def _digest(path: Path, algorithm: str) -> str:
    with path.open("rb") as file:
        return f"{algorithm}:{hashlib.file_digest(file, algorithm).hexdigest()}"


def _checksums(into: Path) -> dict[str, str]:
    path = into / CHECKSUMS
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}


def _write_checksums(into: Path, checksums: Mapping[str, str]) -> None:
    part = into / f"{CHECKSUMS}.part"
    part.write_text(json.dumps(checksums, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    part.replace(into / CHECKSUMS)


# Unpacking


def _unpack(zipped: Path, url: str, members: Iterable[str], optional: Iterable[str]) -> dict[str, str]:
    """Write the members beside the zip, all or none; their checksums."""
    parts: dict[Path, Path] = {}
    try:
        with zipfile.ZipFile(zipped) as archive:
            inside = {f"/{name}": name for name in archive.namelist()}
            for member, needed in [
                *((member_name, True) for member_name in members),
                *((member_name, False) for member_name in optional),
            ]:
                packed_name = next((name for path, name in inside.items() if path.endswith(f"/{member}")), None)
                if packed_name is None:
                    if needed:
                        listed = ", ".join(list(inside.values())[:5])
                        raise NotDownloaded(f"{url} holds no {member}; it holds {listed or 'nothing'}.")
                    continue
                target = zipped.parent / member
                part = parts[target] = target.with_name(target.name + ".part")
                target.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(packed_name) as source, part.open("wb") as file:
                    shutil.copyfileobj(source, file, CHUNK)
        checksums = {
            target.relative_to(zipped.parent).as_posix(): _digest(part, "sha256") for target, part in parts.items()
        }
        for target, part in parts.items():
            part.replace(target)
    except zipfile.BadZipFile as error:
        raise NotDownloaded(f"{url} gave no zip file that can be unpacked: {error}.") from None
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)
    return checksums
