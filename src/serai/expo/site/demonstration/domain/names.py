"""Invented names of firms, put together from the parts in content/names.toml."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from random import Random

from pypinyin import lazy_pinyin

from serai.expo.base.collation import fold
from serai.expo.firms.record.models import Firm
from serai.expo.site.demonstration.domain import content


@dataclass(frozen=True)
class FirmName:
    """The registered name in the firm's own language, its English and Chinese forms, and the short name."""

    legal: str
    en: str
    zh: str
    short: content.Pair

    def texts(self, language: str) -> dict[str, str]:
        """The names by language; the registered one only if it differs from the English one."""
        own = {language: self.legal} if language not in {"en", "zh-hans"} and self.legal != self.en else {}
        return {"en": self.en, "zh-hans": self.zh, **own}


@dataclass(frozen=True)
class Brand:
    """The distinctive part of a name, in Latin, Chinese and the firm's own writing."""

    en: str
    zh: str
    own: str


def is_well_known(en: str, zh: str) -> bool:
    """Whether a name contains that of a well-known firm: as words in English, anywhere in Chinese."""
    words = f" {fold(en)} "
    return any(f" {avoided} " in words if avoided.isascii() else avoided in zh for avoided in content.avoided())


# Firms of the host


def host_brands(random: Random) -> Iterator[Brand]:
    """Brands of two characters, each once, in random order. None sounds like a city."""
    characters = content.read("names.toml")["zh"]
    cities = {city.name.en for city in content.host_cities()}
    brands = ["".join(two) for two in product(characters["first"], characters["second"])]
    random.shuffle(brands)
    for zh in brands:
        en = "".join(lazy_pinyin(zh)).capitalize()
        if en not in cities and not is_well_known(en, zh):
            yield Brand(en, zh, zh)


def host_name(brand: Brand, city: content.City, word: content.Pair, size: str, random: Random) -> FirmName:
    """A name in the usual order: city, brand, trade, legal form. A group bears no city."""
    short = content.Pair(brand.en, brand.zh + word.zh)
    if size == Firm.Size.LARGE and random.random() < 0.4:
        zh = f"{brand.zh}{word.zh}集团有限公司"
        return FirmName(zh, f"{brand.en} {word.en} Group Co., Ltd.", zh, short)
    ending = "股份有限公司" if size in {Firm.Size.LARGE, Firm.Size.MEDIUM} and random.random() < 0.4 else "有限公司"
    zh = f"{city.name.zh}{brand.zh}{word.zh}{ending}"
    return FirmName(zh, f"{city.name.en} {brand.en} {word.en} Co., Ltd.", zh, short)


# Firms from abroad


@cache
def foreign_brands(language: str) -> tuple[Brand, ...]:
    """Every head with every tail of a table of content/names.toml, except the brands of exhibitors."""
    parts = content.read("names.toml")[language]
    heads, tails = ([_part(row) for row in parts[name]] for name in ("heads", "tails"))
    brands = (Brand(head.en + tail.en, head.zh + tail.zh, head.own + tail.own) for head, tail in product(heads, tails))
    taken = " ".join(row["name"] for row in content.foreign_exhibitors())
    return tuple(brand for brand in brands if brand.en not in taken and not is_well_known(brand.en, brand.zh))


def _part(row: str) -> Brand:
    en, zh, *own = row.split("|")
    return Brand(en, zh, own[0] if own else en)


def foreign_name(language: str, brand: Brand, sector: str, random: Random) -> FirmName:
    """The name of a firm of a sector under a brand."""
    parts = content.read("names.toml")
    word = content.pair(parts["sectors"][sector])
    own_form, en_form, zh_ending = random.choice(parts[language]["forms"]).split("|")
    legal = own_form.format(name=brand.own, word=parts[language]["words"].get(sector, word.en))
    en = en_form.format(name=brand.en, word=word.en) if en_form else legal
    return FirmName(legal, en, f"{brand.zh}{word.zh}{zh_ending}", content.Pair(brand.en, brand.zh + word.zh))


def written_name(row: str) -> FirmName:
    """``"own|English|中文"``, or ``"English|中文"`` where the firm writes its own name in English texts too."""
    *own, en, zh = row.split("|")
    return FirmName(own[0] if own else en, en, zh, content.Pair(en, zh))
