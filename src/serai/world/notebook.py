"""How an object looks in a notebook: a few lines of HTML, every text escaped."""

from collections.abc import Iterable, Sequence
from html import escape

SHOWN = 8
"""Labels that are listed before the rest is only counted."""


def facts_html(caption: str, facts: Iterable[tuple[str, str]]) -> str:
    """A table of two columns, name and fact, under a caption; empty facts are left out."""
    rows = "".join(f"<tr><th>{escape(name)}</th><td>{escape(fact)}</td></tr>" for name, fact in facts if fact)
    return f"<table><caption>{escape(caption)}</caption><tbody>{rows}</tbody></table>"


def checks_html(sentences: Iterable[tuple[bool, str]]) -> str:
    """A list of sentences; those that do not hold say so."""
    items = "".join(
        f"<li>{'' if holds else '<strong>Does not hold:</strong> '}{escape(sentence)}</li>"
        for holds, sentence in sentences
    )
    return f"<ul>{items}</ul>"


def title_html(title: str) -> str:
    """A title in bold."""
    return f"<p><strong>{escape(title)}</strong></p>"


def listed(labels: Sequence[str]) -> str:
    """The first labels, and how many more there are."""
    more = f" and {len(labels) - SHOWN} more" if len(labels) > SHOWN else ""
    return f"{', '.join(labels[:SHOWN])}{more}"
