"""Programs that call the interface."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from serai.expo.api.keys import make_key
from serai.expo.people.models import User


class Program:
    """Calls the interface with a key, or without."""

    def __init__(self, key: str = "") -> None:
        self.client = Client()
        self.headers = {"authorization": f"Bearer {key}"} if key else {}

    def __call__(self, path: str, method: str = "get", body: Any = None, **headers: str) -> Any:
        more = {"data": body, "content_type": "application/json"} if body is not None else {}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return getattr(self.client, method)(f"/api/v1{path}", headers=self.headers | named, **more)


@pytest.fixture
def program_of() -> Callable[..., Program]:
    """A program with a key of a person."""

    def make(user: User | None = None, *scopes: str, **options: Any) -> Program:
        return Program(make_key(user, "a program", scopes or ("read",), **options)[1]) if user else Program()

    return make
