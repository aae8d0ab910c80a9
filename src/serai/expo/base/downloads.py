"""Files made for one reader, as the answer of a page."""

from django.http import HttpResponse

CSV = "text/csv; charset=utf-8"
PDF = "application/pdf"


def download(content: str | bytes, name: str, media_type: str, *, inline: bool = False) -> HttpResponse:
    """The content as a private file, which no cache keeps: to save, or ``inline`` to show."""
    disposition = f'{"inline" if inline else "attachment"}; filename="{name}"'
    headers = {"Content-Disposition": disposition, "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type=media_type, headers=headers)
