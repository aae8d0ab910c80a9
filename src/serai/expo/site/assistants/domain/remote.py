"""The interface of another site, called over HTTP: for an assistant on the machine of a participant."""

import json
import urllib.error
import urllib.request
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import anyio.to_thread

from serai.expo.site.assistants.domain.tools import Answer, Ask, JSONObject

SECONDS = 60


class SiteUnreachableError(Exception):
    """The site does not answer as Serai does: a sentence for who starts the server."""


def remote_interface(site: str, key: str, language: str) -> tuple[JSONObject, Ask]:
    """The description of the interface at the address of a site, and what calls it. Raises SiteUnreachableError."""
    if urlsplit(site).scheme not in ("https", "http") or not urlsplit(site).netloc:
        raise SiteUnreachableError(f"'{site}' is no address of a site; write it as https://fair.example.")
    root = f"{site.rstrip('/')}/api/v1"
    headers = {"Accept-Language": language} | ({"Authorization": f"Bearer {key}"} if key else {})
    read = partial(_read, root, headers)
    try:
        described = read("/openapi.json")
    except OSError as error:
        raise SiteUnreachableError(f"{site} does not answer: {error}.") from None
    if described.is_refusal or not isinstance(described.content, dict) or "paths" not in described.content:
        raise SiteUnreachableError(f"There is no interface of Serai at {root} (status {described.status}).")

    async def ask(path: str) -> Answer:
        return await anyio.to_thread.run_sync(read, path)

    return described.content, ask


def _read(root: str, headers: dict[str, str], path: str) -> Answer:
    request = urllib.request.Request(root + path, headers=headers)  # noqa: S310  (its scheme is checked above)
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310
            return Answer(answer.status, _json(answer.read()))
    except urllib.error.HTTPError as refusal:
        return Answer(refusal.code, _json(refusal.read()))


def _json(content: bytes) -> Any:
    try:
        return json.loads(content)
    except ValueError:
        return {"detail": "The site answered with something that is not JSON."}
