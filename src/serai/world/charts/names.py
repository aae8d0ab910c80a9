"""How a picture names a country, and how it says a share."""

from collections.abc import Iterable

from serai.world.classifications.countries import find, name

REST_OF_WORLD = {
    "en": "Rest of the world",
    "zh-hans": "世界其他地区",
    "ar": "بقية العالم",
    "fr": "Reste du monde",
    "es": "Resto del mundo",
    "ru": "Остальной мир",
}


def country_name(label: str, language: str = "en") -> str:
    """The name in a language of the country that a table labels so; the label itself where it is none."""
    if label.upper() == "ROW":
        return REST_OF_WORLD.get(language, REST_OF_WORLD["en"])
    country = find(label)
    return name(country.alpha2, language) if country else label


def percent(share: float) -> str:
    """A share as a percentage with three digits that matter: 0.1234 is 12.3 %."""
    return f"{share * 100:.3g} %"


def listed(parts: Iterable[str]) -> str:
    """Parts of a sentence in a row, such as "China 12 %, Germany 8 %"."""
    return ", ".join(parts)
