"""Logos and product pictures of the demonstration, drawn by code: geometric marks and simple solids."""

import hashlib
import io
from base64 import urlsafe_b64encode
from collections.abc import Callable, Sequence

from django.db import transaction
from django.db.models import QuerySet
from PIL import Image, ImageDraw

from serai.expo.base.files.domain import place, write
from serai.expo.base.files.models import Audience, StoredFile
from serai.expo.base.monograms import COLOURS
from serai.expo.base.narrowed_files import delete_on_commit
from serai.expo.firms.record.models import Firm, Medium
from serai.expo.site.demonstration.domain.entrants import Entrant

EVERY = 3
"""One firm in three has a logo, so that pages show both logos and monograms."""

PICTURED = 24
"""So many exhibitors have a picture of their first offer."""

SIDE = 192
WIDTH, HEIGHT = 640, 480
PNG = "image/png"


def write_pictures(seed: int, exhibiting: Sequence[Entrant]) -> None:
    """Give firms logos and pictures. The files are written when the demonstration is committed."""
    logos = {entrant.firm.pk: _file(seed, entrant.firm, "logo", draw_logo) for entrant in exhibiting[::EVERY]}
    shown = [entrant for entrant in exhibiting if entrant.offers][:PICTURED]
    pictures = [(entrant, _file(seed, entrant.firm, "product", draw_product)) for entrant in shown]
    kept = [*logos.values(), *(picture for _entrant, picture in pictures)]
    StoredFile.objects.bulk_create([file for file, _content in kept])
    for entrant in exhibiting[::EVERY]:
        entrant.firm.logo = logos[entrant.firm.pk][0]
    Firm.objects.bulk_update([entrant.firm for entrant in exhibiting[::EVERY]], ["logo"])
    Medium.objects.bulk_create(
        Medium(firm=entrant.firm, number=1, kind=Medium.Kind.PICTURE, file=file, caption=entrant.offers[0].title)
        for entrant, (file, _content) in pictures
    )

    def write_all() -> None:
        for file, content in kept:
            write(file, content)

    transaction.on_commit(write_all)


def delete_files(firms: QuerySet[Firm]) -> None:
    """Delete the files of firms that are about to be deleted, once that is committed."""
    for file in StoredFile.objects.filter(firm__in=firms):
        delete_on_commit(place(file))


def draw_logo(number: int) -> Image.Image:
    """A mark of SIDE x SIDE points: one of six figures in two colours, chosen by the number."""
    image = Image.new("RGB", (SIDE, SIDE), "white")
    pen = ImageDraw.Draw(image)
    first, second = _two_colours(number)
    middle, reach = SIDE // 2, SIDE * 3 // 8
    low, high = middle - reach, middle + reach
    figure = number // len(COLOURS) % 6
    if figure == 0:  # a ring with a core
        pen.ellipse((low, low, high, high), outline=first, width=reach // 3)
        pen.ellipse((middle - reach // 3, middle - reach // 3, middle + reach // 3, middle + reach // 3), fill=second)
    elif figure == 1:  # two triangles
        pen.polygon([(low, high), (middle, low), (high, high)], fill=first)
        pen.polygon([(middle - reach // 2, high), (middle, middle), (middle + reach // 2, high)], fill=second)
    elif figure == 2:  # rising bars
        for step in range(3):
            left = low + step * reach * 2 // 3
            top = high - (step + 1) * reach * 2 // 3
            pen.rectangle((left, top, left + reach // 2, high), fill=(first, second)[step % 2])
    elif figure == 3:  # a hexagon
        half = reach // 2
        pen.polygon(
            [
                *((middle, low), (high, middle - half), (high, middle + half)),
                *((middle, high), (low, middle + half), (low, middle - half)),
            ],
            fill=first,
        )
        pen.ellipse((middle - half, middle - half, middle + half, middle + half), fill=second)
    elif figure == 4:  # two halves of a disc
        pen.pieslice((low, low, high, high), 90, 270, fill=first)
        pen.pieslice((low + reach // 4, low, high + reach // 4, high), 270, 90, fill=second)
    else:  # four tiles
        gap = reach // 8
        for across, down in ((0, 0), (1, 0), (0, 1), (1, 1)):
            left, top = low + across * (reach + gap // 2), low + down * (reach + gap // 2)
            pen.rectangle((left, top, left + reach - gap, top + reach - gap), fill=(first, second)[(across + down) % 2])
    return image


def draw_product(number: int) -> Image.Image:
    """A product on a plain ground, WIDTH x HEIGHT points: a row of boxes or cylinders, chosen by the number."""
    image = Image.new("RGB", (WIDTH, HEIGHT), "#f1ece1")
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, HEIGHT * 3 // 4, WIDTH, HEIGHT), fill="#ded5c4")
    first, second = _two_colours(number)
    count = 2 + number % 3
    step = WIDTH // (count + 1)
    for position in range(count):
        centre, base = step * (position + 1), HEIGHT * 4 // 5
        wide, tall = step // 3, 120 + (number // (position + 3)) % 130
        if number // 7 % 2:
            pen.rectangle((centre - wide, base - tall, centre + wide, base), fill=first)
            pen.ellipse((centre - wide, base - 18, centre + wide, base + 18), fill=first)
            pen.ellipse((centre - wide, base - tall - 18, centre + wide, base - tall + 18), fill=second)
        else:
            side = wide // 2
            right, top = centre + wide, base - tall
            pen.rectangle((centre - wide, base - tall, centre + side, base), fill=first)
            pen.polygon(
                [(centre + side, base), (right, base - side), (right, top - side), (centre + side, top)],
                fill=second,
            )
            pen.polygon(
                [(centre - wide, top), (centre - side, top - side), (right, top - side), (centre + side, top)],
                fill="#c9bfae",
            )
    return image


def _two_colours(number: int) -> tuple[str, str]:
    first = number % len(COLOURS)
    return COLOURS[first], COLOURS[(first + 1 + number // 5 % (len(COLOURS) - 1)) % len(COLOURS)]


def _file(seed: int, firm: Firm, what: str, draw: Callable[[int], Image.Image]) -> tuple[StoredFile, bytes]:
    """The row and the content of a picture. The same seed gives the same token, as it gives the same fair."""
    digest = hashlib.sha256(f"{seed} {firm.identifier} {what}".encode()).digest()
    written = io.BytesIO()
    draw(int.from_bytes(digest[:4])).quantize(16).save(written, "PNG", optimize=True)
    content = written.getvalue()
    file = StoredFile(
        token=urlsafe_b64encode(digest[:24]).decode(),
        name=f"{what}.png",
        media_type=PNG,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        firm=firm,
        audience=Audience.PUBLIC,
    )
    return file, content
