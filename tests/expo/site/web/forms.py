"""The forms of a page as a browser would send them, and what its links ask for."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qs

CHOSEN = {"radio", "checkbox"}
BUTTONS = {"submit", "button", "image", "reset"}
OF_A_CHOICE = CHOSEN | {"hidden", "select", "submit"}
"""Kinds of controls whose value is the page's and not the reader's."""
EXAMPLES = {"email": "a@example.org", "number": "1", "date": "2026-11-29", "time": "10:00", "url": "https://a.example/"}
"""What a reader might write into an empty field, by its kind; words into any other."""


@dataclass
class Form:
    """A form: where to, what it sends untouched, and what may be chosen, by the name of the control.

    ``examples`` is what might be written into each empty field.
    """

    action: str
    sent: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    choices: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    examples: dict[str, str] = field(default_factory=dict)

    def with_choice(self, name: str, value: str) -> Iterator[Mapping[str, list[str]]]:
        """What it sends with this choice in place of the one made: with empty fields, and with something in each."""
        yield {**self.sent, name: [value]}
        written = {field: [example] for field, example in self.examples.items() if self.sent.get(field) in ([""], None)}
        if written:
            yield {**self.sent, **written, name: [value]}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.asking: list[Form] = []
        self.links: list[str] = []
        self.inside: Form | None = None
        self.select = self.text = ""
        self.several = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = Form(given.get("action", ""))
            (self.forms if given.get("method", "").lower() == "post" else self.asking).append(self.inside)
        elif tag == "a":
            self.links.append(given.get("href", ""))
        elif self.inside is not None and "disabled" not in given:
            self._control(self.inside, tag, given)

    def _control(self, form: Form, tag: str, given: dict[str, str]) -> None:
        name = given.get("name", "")
        if tag == "select":
            self.select, self.several = name, "multiple" in given
        elif tag == "textarea":
            self.text, form.examples[name] = name, "Words"
            form.sent[name].append("")
        elif tag == "option" and self.select:
            value = given.get("value", "")
            form.choices[self.select].append(value)
            if self.several:
                form.sent[self.select] += [value] if "selected" in given else []
            elif "selected" in given or not form.sent[self.select]:
                form.sent[self.select] = [value]
            if value and self.select.endswith("-language"):
                form.examples[self.select] = value  # in which the words beside it are written
        elif tag in {"input", "button"} and name:
            self._input(form, tag, name, given)

    def _input(self, form: Form, tag: str, name: str, given: dict[str, str]) -> None:
        kind = given.get("type", "text" if tag == "input" else "submit")
        value = given.get("value", "on" if kind in CHOSEN else "")
        if kind in OF_A_CHOICE:
            form.choices[name].append(value)
        if kind not in OF_A_CHOICE | BUTTONS | {"file"}:
            form.examples[name] = EXAMPLES.get(kind, "Words")
        first_button = kind == "submit" and name not in form.sent and not form.sent.get("button sent")
        if kind not in CHOSEN | BUTTONS | {"file"} or (kind in CHOSEN and "checked" in given):
            form.sent[name].append(value)
        elif first_button:
            form.sent[name], form.sent["button sent"] = [value], ["1"]

    def handle_data(self, data: str) -> None:
        if self.inside is not None and self.text:
            self.inside.sent[self.text][-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = None
        elif tag == "select":
            self.select = ""
        elif tag == "textarea" and self.inside is not None and self.text:
            lines = self.inside.sent[self.text]
            lines[-1] = lines[-1].removeprefix("\n")  # the first line's end belongs to the tag
            self.text = ""


def forms_of(page: str) -> list[Form]:
    """The forms of a page that are posted, in their order."""
    reader = _Reader()
    reader.feed(page)
    for form in reader.forms:
        form.sent.pop("button sent", None)
        form.choices.pop("csrfmiddlewaretoken", None)
    return reader.forms


def asked_of(page: str) -> dict[str, list[str]]:
    """What may be asked for in the address of the page, by name: the choices of forms that ask, and of links to it."""
    reader = _Reader()
    reader.feed(page)
    found: dict[str, list[str]] = defaultdict(list)
    for form in reader.asking:
        for name, values in form.choices.items():
            found[name] += values
    for link in reader.links:
        if link.startswith("?"):
            for name, values in parse_qs(link[1:].split("#")[0]).items():
                found[name] += values
    return found
