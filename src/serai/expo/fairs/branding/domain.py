"""The look of a fair: its colours with enough contrast, its logo, and pages of its own in Markdown."""

import re
from collections.abc import Mapping, Sequence
from colorsys import hls_to_rgb, rgb_to_hls
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import nh3
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_scopes import scope
from markdown_it import MarkdownIt

from serai.expo.base.audit.domain.entries import record, record_change, save_and_record, state
from serai.expo.base.files.domain import discard, keep
from serai.expo.base.files.models import Audience, StoredFile, focus_of
from serai.expo.fairs.branding.models import OwnPage
from serai.expo.fairs.edition.models import Edition
from serai.expo.people.account.models import User

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


NEEDED = 4.5
STEPS = 255
ON_BRAND = ("#ffffff", "#08242a")
"""Colours of text on the main colour, the better of which is taken."""


class ColourRefusedError(ValueError):
    """Why a colour is not taken: a sentence for the reader, with the nearest colour that passes."""


@dataclass(frozen=True)
class Use:
    """What a colour is for, and the colours of the stylesheet with which it is read (static/serai/tokens.css)."""

    title: "_StrPromise"
    against: Sequence[str]
    carries_text: bool = False
    """Whether text stands on it in one of ON_BRAND."""


USES: Mapping[str, Use] = {
    "brand": Use(gettext_lazy("Main colour on light pages"), ("#faf7f1", "#ffffff", "#f1ece1"), carries_text=True),
    "dark": Use(gettext_lazy("Main colour on dark pages"), ("#11161d", "#1a212b", "#0c1117"), carries_text=True),
    "night": Use(gettext_lazy("Colour of the header"), ("#f6f1e6", "#f2ede2", "#c3d2d8", "#b8c7ce", "#f2b24c")),
}
"""Each colour that a fair may choose, by its key."""


def luminance(colour: str) -> float:
    """Relative luminance of an sRGB colour such as #0c5460 (WCAG 2.2)."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _channels(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, from 1 to 21."""
    less, more = sorted((luminance(one), luminance(other)))
    return (more + 0.05) / (less + 0.05)


def text_on(colour: str) -> str:
    """The colour of text on a main colour."""
    return max(ON_BRAND, key=lambda text: contrast(text, colour))


def weakest(key: str, colour: str) -> tuple[float, str]:
    """The least contrast of a colour in its use, and the colour with which it has it."""
    use = USES[key]
    pairs = [(contrast(colour, other), other) for other in use.against]
    if use.carries_text:
        pairs.append((contrast(text_on(colour), colour), text_on(colour)))
    return min(pairs)


def checked(key: str, colour: str) -> str:
    """A colour as #rrggbb in small letters. Raises ColourRefusedError for none, and for one that can't be read."""
    colour = colour.strip().lower()
    if short := re.fullmatch(r"#([0-9a-f])([0-9a-f])([0-9a-f])", colour):
        colour = "#" + "".join(2 * digit for digit in short.groups())
    if not re.fullmatch(r"#[0-9a-f]{6}", colour):
        raise ColourRefusedError(_("Write the colour as six digits after a hash, such as #0c5460."))
    reached, other = weakest(key, colour)
    if reached >= NEEDED:
        return colour
    raise ColourRefusedError(
        _(
            "%(colour)s beside %(other)s has a contrast of %(reached)s to 1; to be read it needs 4.5 to 1. The nearest"
            " colour that passes is %(nearest)s."
        )
        % {"colour": colour, "other": other, "reached": f"{reached:.1f}", "nearest": nearest(key, colour)}
    )


def nearest(key: str, colour: str) -> str:
    """The colour of the same hue that passes in its use and differs least in lightness."""
    hue, lightness, saturation = rgb_to_hls(*_channels(colour))
    shades = sorted((step / STEPS for step in range(STEPS + 1)), key=lambda shade: abs(shade - lightness))
    found = (_written(hls_to_rgb(hue, shade, saturation)) for shade in shades)
    return next(shade for shade in found if weakest(key, shade)[0] >= NEEDED)


def _channels(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return red, green, blue


def _written(channels: Sequence[float]) -> str:
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in channels)


PICTURES = ("logo", "picture")
"""The pictures of a fair: its logo beside the name on every page, and one in the header of the front page."""


@transaction.atomic
def set_colours(edition: Edition, colours: Mapping[str, str], *, user: User) -> None:
    """Choose the colours of USES; an empty one is as Serai comes. Raises ColourRefusedError, and changes nothing then.

    Without a main colour for dark pages it is the nearest to that of light pages that can be read there.
    """
    chosen = {key: checked(key, colours[key]) for key in USES if colours.get(key)}
    if "brand" in chosen and "dark" not in chosen:
        chosen["dark"] = nearest("dark", chosen["brand"])
    others = {key: value for key, value in edition.branding.items() if key not in USES}
    _keep(edition, others | chosen, user)


@transaction.atomic
def set_picture(edition: Edition, key: str, upload: "UploadedFile[bytes] | None", *, user: User) -> None:
    """Replace a picture of PICTURES, or take it away. Raises FileRefusedError, and changes nothing then."""
    before, branding = edition.branding.get(key), dict(edition.branding)
    branding.pop(key, None)
    if key == "picture":
        branding.pop("focus", None)  # it was of the picture that goes
    if upload is not None:
        kept = keep(upload, organisation=edition.organisation, user=user, audience=Audience.PUBLIC, pictures_only=True)
        branding[key] = kept.token
    _keep(edition, branding, user)
    used = {
        token for others in Edition.objects.values_list("branding", flat=True) for token in others.values() if token
    }
    if before and before not in {token for token in used if isinstance(token, str)}:
        for file in StoredFile.objects.filter(token=before):
            discard(file, user=user)


def set_focus(edition: Edition, focus: str, *, user: User) -> None:
    """Choose what of the header picture must stay in sight; the centre where it is no spot of a picture."""
    _keep(edition, {**edition.branding, "focus": focus_of(focus).value}, user)


@transaction.atomic
def set_words(edition: Edition, words: Mapping[str, str], *, user: User) -> None:
    """Choose the words on the front page, in Markdown by language."""
    if dict(words) != edition.welcome:
        record_change("edition.words_chosen", edition, user=user, welcome=dict(words))


def stylesheet(edition: Edition) -> str:
    """The colours of the fair as CSS; empty where it chose none."""
    chosen = edition.branding
    lines = []
    if "brand" in chosen:
        light, dark = chosen["brand"], chosen["dark"]
        lines += [
            f"  --brand: light-dark({light}, {dark});",
            f"  --on-brand: light-dark({text_on(light)}, {text_on(dark)});",
        ]
    if "night" in chosen:
        lines.append(f"  --night: {chosen['night']};")
    return "\n".join([":root {", *lines, "}", ""]) if lines else ""


def _keep(edition: Edition, branding: dict[str, Any], user: User) -> None:
    if branding != edition.branding:
        record_change("edition.branded", edition, user=user, branding=branding)


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


@transaction.atomic
def keep_page(page: OwnPage, *, user: User) -> None:
    """Save a new or changed page."""
    before = state(OwnPage.objects.get(pk=page.pk)) if page.pk else None
    save_and_record(page, before, added="own_page.made", changed="own_page.changed", user=user)
    keep_titles(page.edition)


@transaction.atomic
def remove_page(page: OwnPage, *, user: User) -> None:
    """Delete a page."""
    record("own_page.removed", page, before=state(page), user=user, edition=page.edition)
    page.delete()
    keep_titles(page.edition)


def keep_titles(edition: Edition) -> None:
    """Keep with the edition which own pages stand in its navigation."""
    with scope(edition=edition):
        shown = OwnPage.objects.filter(edition=edition, published=True)
        titles = [{"slug": page.slug, "title": page.title} for page in shown]
    now = Edition.objects.get(pk=edition.pk)
    now.branding = {key: value for key, value in now.branding.items() if key != "pages"}
    if titles:
        now.branding["pages"] = titles
    now.save(update_fields=["branding"])
    edition.branding = now.branding
