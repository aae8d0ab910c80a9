"""Files that jobs make, in the folder of the instance for a day."""

import mimetypes
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header

from serai.expo.base.home import home
from serai.expo.fairs.jobs.models import Job

KEPT = timedelta(days=1)
PIECE = 1 << 16  # bytes sent at once


def path_of(job: Job) -> Path:
    """Where the file of a job is. It is no address: a page asks first who may read it."""
    return home() / "jobs" / str(job.pk)


def write_file(job: Job, pieces: Iterable[bytes]) -> None:
    """Write the file of a job, anew if it was done before."""
    path = path_of(job)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    path.unlink(missing_ok=True)
    path.touch(0o600)
    with path.open("wb") as file:
        for piece in pieces:
            file.write(piece)


def answer_with(job: Job) -> StreamingHttpResponse:
    """The file of a job as an answer, which no cache keeps. It is opened when it is sent."""
    path, (kind, _encoding) = path_of(job), mimetypes.guess_type(job.file_name)
    headers = {
        "Cache-Control": "private, no-store",
        "Content-Disposition": str(content_disposition_header(as_attachment=True, filename=job.file_name)),
        "Content-Length": str(path.stat().st_size),
    }
    return StreamingHttpResponse(_pieces(path), content_type=kind or "application/octet-stream", headers=headers)


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


def forget_files(now: datetime | None = None) -> int:
    """Delete files that have been kept for their time. Returns how many."""
    limit = ((now or timezone.now()) - KEPT).timestamp()
    folder = home() / "jobs"
    old = [path for path in (folder.iterdir() if folder.is_dir() else ()) if path.stat().st_mtime < limit]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
