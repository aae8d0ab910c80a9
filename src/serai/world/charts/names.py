"""How a picture names a country and formats a share."""

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
    """The name of the country with this label, in a language; the label itself if it is no country."""
    if label.upper() == "ROW":
        return REST_OF_WORLD.get(language, REST_OF_WORLD["en"])
    country = find(label)
    return name(country.alpha2, language) if country else label


def percent(share: float) -> str:
    """A share as a percentage with three digits that matter: 0.1234 is 12.3 %."""
    return f"{share * 100:.3g} %"


def listed(parts: Iterable[str]) -> str:
    """Parts joined by commas, such as "China 12 %, Germany 8 %"."""
    return ", ".join(parts)
