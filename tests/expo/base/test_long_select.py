"""A long list says what Django's own says."""

from html.parser import HTMLParser
from typing import Any

import pytest
from django import forms

from serai.expo.base.forms import LongSelect

CHOICES = [("", "–"), (1, "A & B <i>"), ("2", "李")]


class Tags(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[Any] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.found += [data.strip()] if data.strip() else []


@pytest.mark.parametrize("value", [None, "", 1, "1", "2", "gone"])
@pytest.mark.parametrize("required", [True, False])
def test_it_is_written_as_django_writes_it(value: Any, required: bool) -> None:
    def written(widget: type[forms.Select]) -> list[Any]:
        form = type(
            "Form", (forms.Form,), {"one": forms.ChoiceField(choices=CHOICES, required=required, widget=widget)}
        )
        return Tags(str(form(initial={"one": value})["one"])).found

    assert written(LongSelect) == written(forms.Select)
    assert "A & B <i>" in written(LongSelect)
