"""A table taken as a file: by the page that starts the job, and the file of the job."""

from django.test import Client
from django.urls import reverse

from serai.expo.fairs.edition.models import Edition


def exported(client: Client, edition: Edition, key: str, made_as: str = "csv") -> bytes:
    """The file that the export of this table makes."""
    page = client.post(reverse("export-table", args=[edition.slug, key]), {"format": made_as}, follow=True)
    file = client.get(reverse("job-file", args=[edition.slug, page.context["job"].pk]))
    return b"".join(file.streaming_content)  # type: ignore[arg-type]
