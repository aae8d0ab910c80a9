"""Template tags that every page may use."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol

from django import template
from django.conf import settings
from django.db.models import Model
from django.forms import BoundField
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.http import escape_leading_slashes
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.timezone import localtime
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from serai.expo.base.code_titles import code_titles, titles_of_industry
from serai.expo.base.numbers import in_percent, plain_number
from serai.expo.base.numbers import money as money_text
from serai.expo.base.submission import undo_of
from serai.expo.base.text import country_in_sentence, country_name, in_language
from serai.expo.base.text import language_name as name_of_language
from serai.expo.fairs.branding.domain import as_html
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.edition.pages.guards import Renaming, mark_of, title_of
from serai.expo.fairs.edition.pages.middleware import address_of
from serai.expo.fairs.edition.rules.roles import Rights, opens
from serai.expo.fairs.organisers.domain import is_organised
from serai.expo.offers.chains.models import Placement
from serai.expo.offers.market.domain.specification import UNITS
from serai.expo.site.offline.domain import whose
from serai.expo.site.setup.domain import next_step

register = template.Library()

LONGEST_CODE_TITLE = 100
"""Characters of the title of a code that a page shows: some English ones are 300 long."""

register.filter(plain_number)
register.filter(whose)
register.filter(undo_of)


@register.filter
def said(texts: Mapping[str, str] | None, longest: int | None = None) -> SafeString | str:
    """The text in the reader's language; one in another language is marked for screen readers and fonts.

    With ``longest`` it is cut to so many characters.
    """
    text_found = in_language(texts or {})
    text = _cut(text_found.text, longest) if longest else text_found.text
    if not text or text_found.language == get_language():
        return text
    return format_html('<span lang="{}" dir="{}">{}</span>', text_found.language, text_found.direction, text)


def _cut(text: str, longest: int) -> str:
    """So many characters, and no part of a word where words stand apart."""
    cut = Truncator(text).chars(longest)
    if cut == text or text[len(cut) - 1].isspace():
        return cut
    whole, space, _part = cut.rpartition(" ")
    return f"{whole.rstrip(',;:')}…" if space and len(whole) > longest / 2 else cut


@register.simple_tag(takes_context=True)
def here(context: Mapping[str, Any], name: str, *arguments: object) -> str:
    """The address of a page of this fair, or of its twin for the whole world on a page without a fair."""
    return address_of(context.get("edition"), name, *arguments)


@register.filter
def plainly(texts: Mapping[str, str] | None) -> str:
    """The text in the reader's language without markup, for titles and attributes."""
    return in_language(texts or {}).text


@register.filter
def code_title(code: str, scheme: str) -> SafeString | str:
    """What a code of a scheme, "hs", "isic" or "cpc", is called in the reader's language, cut where it is long."""
    return said(code_titles(scheme, code), LONGEST_CODE_TITLE)


@register.filter
def industry_title(name: str) -> SafeString | str:
    """What an industry that a world table names in English is called in the reader's language."""
    return said(titles_of_industry(name))


register.filter("country", country_name)
register.filter(country_in_sentence)


@register.filter
def money(amount: Decimal | float | None, currency: str) -> SafeString | str:
    """An amount with the sign of its currency, kept apart from the text around it; its code is shown on pointing."""
    if amount is None or not currency:
        return money_text(amount, currency)
    return format_html('<bdi title="{}">{}</bdi>', currency, money_text(amount, currency))


class Held(Protocol):
    """What begins and ends, such as a session."""

    starts_at: datetime
    ends_at: datetime


@register.filter
def span(held: Held) -> SafeString:
    """From when to when it is held, in the time zone of the page. A page has hundreds, and so this is no template."""
    starts_at, ends_at = localtime(held.starts_at), localtime(held.ends_at)
    times = format_html(
        '<time datetime="{}">{}</time>–<time datetime="{}">{}</time>',
        *(starts_at.isoformat(), f"{starts_at:%H:%M}", ends_at.isoformat(), f"{ends_at:%H:%M}"),
    )
    if starts_at.date() == ends_at.date():
        return times
    return format_html('{} <span class="small">({})</span>', times, _("the next day"))


@register.filter
def percent(share: float) -> str:
    """A share as a whole percentage: 0.258 is 26."""
    return f"{100 * share:.0f}"


register.filter("per_cent", in_percent)


MOST_BOXES = 12
"""More boxes to tick than these are folded: by keyboard they would be as many stops before what follows them."""


@register.filter
def is_long(field: BoundField) -> bool:
    """Whether a field has so many choices that they are folded."""
    return hasattr(field.field, "choices") and len(field.subwidgets) > MOST_BOXES


@register.filter
def chosen(field: BoundField) -> str:
    """What is chosen in a field of many choices, in words."""
    labels = [str(box.data["label"]) for box in field.subwidgets if box.data["selected"]]
    return str(pgettext("between names", ", ")).join(labels)


@register.simple_tag(takes_context=True)
def this_page_in(context: template.Context, language: str) -> str:
    """The address of this page in another language, which differs in its first part."""
    request: HttpRequest = context["request"]
    address = escape_leading_slashes(request.get_full_path())  # //host would lead to another site
    own = f"/{get_language()}/"
    return f"/{language}/{address.removeprefix(own)}" if address.startswith(own) else address


@register.simple_tag(takes_context=True)
def query_with(context: template.Context, **changes: Any) -> str:
    """This page's query string with some parameters changed; an empty value removes one."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value not in ("", None):
            query[name] = str(value)
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def narrows(context: template.Context, *places: str) -> SafeString:
    """The attributes of a form that narrows a list in place, as soon as something in it changes.

    ``places`` are identifiers: of the list, and of whatever else changes with it. Focus stays where it is, and the
    address says what is asked for. Without a script the form loads the page anew.
    """
    asked = "change, submit, input changed delay:400ms from:find input[type=search]"
    return format_html('hx-get="{}" hx-trigger="{}" {}', context["request"].path, asked, _replaced(places))


@register.simple_tag
def leads_within(*places: str) -> SafeString:
    """The attributes of what holds links to other parts of the same list: they replace ``places``, as ``narrows``."""
    return format_html('hx-boost="true" {}', _replaced(places))


def _replaced(places: Sequence[str]) -> SafeString:
    first, *others = places
    also = format_html(' hx-select-oob="{}"', ",".join(f"#{place}" for place in others)) if others else ""
    return format_html(
        'hx-target="#{place}" hx-select="#{place}"{also} hx-swap="outerHTML" hx-push-url="true"'
        ' hx-sync="this:queue last" hx-indicator="#{place}"',
        place=first,
        also=also,
    )


@register.simple_tag
def acts_in_place(place: str, address: str) -> SafeString:
    """The attributes of a form that acts on something of a list: the list, the counts at the side and what is told are
    renewed, and the address is that of the page that answers. Without a script the form loads the page anew.
    """
    return format_html(
        'hx-post="{address}" hx-target="#{place}" hx-select="#{place}" hx-select-oob="#messages,#side"'
        ' hx-swap="outerHTML" hx-replace-url="true" hx-indicator="#{place}"',
        address=address,
        place=place,
    )


@register.simple_tag
def in_dialog(address: str) -> SafeString:
    """The attributes of a link to a page that asks before something is done: it opens over the page of the link.

    A form of that page which is refused stays there; one that is done leads back (``DialogAnswers``). A link of it back
    to where one came from is marked ``data-leaves``. Without a script the page opens as ever.
    """
    return format_html(
        'href="{address}" hx-get="{address}" hx-target="#dialog-page" hx-swap="innerHTML ignoreTitle:true"'
        ' hx-select=".main-page > :not(.crumbs, #messages)" aria-haspopup="dialog"',
        address=address,
    )


@register.inclusion_tag("site/web/rename.html", takes_context=True)
def rename(context: template.Context, row: Model, place: str) -> Mapping[str, Any]:
    """Beside the title of a row in the list ``place``: what opens the form of the title, or that form (``renames``)."""
    request, mark = context["request"], mark_of(row)
    renaming: Renaming | None = getattr(request, "renaming", None)
    return {
        "changes": opens(context["rights"], request.resolver_match.url_name, change=True),
        "form": renaming.form if renaming and renaming.mark == mark else None,
        "title": getattr(row, title_of(row)) or getattr(row, "code", ""),
        "place": place,
        "opened": query_with(context, rename=mark),
        "closed": query_with(context, rename=""),
    }


@register.filter
def language_name(language: str) -> str:
    """The name of a language in itself."""
    return name_of_language(language)


@register.filter
def unit_name(code: str) -> str:
    """The name of a unit of UN/CEFACT Recommendation 20 in the reader's language, or its code."""
    return str(dict(UNITS).get(code, code))


@register.filter
def written_out(texts: Mapping[str, str]) -> SafeString:
    """A Markdown text per language as HTML, in the reader's language or marked with its own."""
    words = in_language(texts)
    return format_html(
        '<div class="prose stack" lang="{}" dir="{}">{}</div>', words.language, words.direction, as_html(words.text)
    )


@register.filter
def opened_by(page: str, rights: Rights) -> bool:
    """Whether an organiser with these rights may open the page at an address, by its name."""
    return opens(rights, page)


@register.filter
def changed_by(page: str, rights: Rights) -> bool:
    """Whether an organiser with these rights may send what the page at an address asks for, by its name."""
    return opens(rights, page, change=True)


@register.filter
def by_node(placements: Iterable[Placement]) -> list[Placement]:
    """The surest placement on each node, so that a page names each node once."""
    first: dict[int, Placement] = {}
    for placement in placements:
        first.setdefault(placement.node_id, placement)
    return list(first.values())


@register.inclusion_tag("site/setup/next.html", takes_context=True)
def what_comes_next(context: template.Context, page: str) -> Mapping[str, Any]:
    """For an organiser of a fair that is still a draft: the step of its set-up that comes after that of a page."""
    edition, user = context["request"].edition, context["request"].user
    step = next_step(edition, page) if user.has_perm("expo.organise_edition", edition) else None
    has_firms = page in ("import-upload", "sections", "programme", "floor")
    return {"next": step, "edition": edition, "may_publish": has_firms and step and step.page != "edition-state"}


@register.simple_tag
def mail_is_on_the_console() -> bool:
    """Whether mails are printed on the console and its reader reads the page: a demonstration, or a first start."""
    printed = settings.MAILERS["default"]["BACKEND"] == "django.core.mail.backends.console.EmailBackend"
    return printed and (Edition.objects.filter(fictional=True).exists() or not is_organised())


@register.simple_tag
def linked_data(data: Any) -> SafeString:
    """Data for machines as JSON-LD, escaped so that no text can break out of the element."""
    return format_html(
        '<script type="application/ld+json">{}</script>',
        mark_safe(json.dumps(data, ensure_ascii=False).translate(HARMLESS)),  # noqa: S308  what HTML reads is escaped
    )


HARMLESS = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}
