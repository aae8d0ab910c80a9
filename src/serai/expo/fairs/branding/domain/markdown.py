"""Markdown of organisers as HTML in which nothing runs and nothing is asked of a third party."""

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

TAGS = frozenset(
    {"p", "h2", "h3", "h4", "ul", "ol", "li", "strong", "em", "s", "a", "blockquote", "code", "pre", "br", "hr"}
    | {"table", "thead", "tbody", "tr", "th", "td"}
)
HIGHEST = 2
"""The level of the highest heading: the first belongs to the page."""

_parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def as_html(text: str) -> SafeString:
    """The text as harmless HTML: no scripts, no styles, no pictures, links to web and mail addresses alone."""
    tokens = _parser.parse(text)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(int(token.tag[1]) + HIGHEST - 1, 4)}"
    written = _parser.renderer.render(tokens, _parser.options, {})
    clean = nh3.clean(
        written,
        tags=set(TAGS),
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener nofollow",
    )
    return mark_safe(clean)  # noqa: S308  nh3 leaves the tags above only
