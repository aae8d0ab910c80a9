"""Parts of JSON-LD in the words of schema.org, which pages carry for machines."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin

from django.http import HttpRequest
from django.urls import reverse

from serai.expo.base.text import in_language

type JSONObject = dict[str, Any]

CONTEXT = {"@context": "https://schema.org"}


def text_of(texts: Mapping[str, str]) -> str:
    """The text in the language of the page."""
    return in_language(texts).text


def absolute_address(request: HttpRequest, name: str, *arguments: str) -> str:
    """The full address of a page, by its name and arguments."""
    return urljoin(f"{request.scheme}://{request.get_host()}", reverse(name, args=arguments))


def postal_address(city: Mapping[str, str], country: str) -> JSONObject:
    """The address of a city, with its name in the language of the page and its country by code."""
    return {"@type": "PostalAddress", "addressLocality": text_of(city), "addressCountry": country}


def without_empty(data: JSONObject) -> JSONObject:
    """Drop empty values at every depth, as schema.org has no word for a blank."""
    kept = {name: without_empty(value) if isinstance(value, dict) else value for name, value in data.items()}
    return {name: value for name, value in kept.items() if value not in ("", None, [], {})}
