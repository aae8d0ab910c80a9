"""Cities that are called otherwise in another language: Moscow and Москва, Vienna and Wien, Bombay and Mumbai."""

from collections.abc import Mapping
from functools import cache
from importlib import resources

from serai.expo.base.collation import fold


@cache
def _names() -> Mapping[str, str]:
    """The first name of each city by each of its names, folded. One city a line of cities.txt."""
    text = resources.files("serai.expo.firms.identity").joinpath("cities.txt").read_text(encoding="utf-8")
    lines = ([fold(name) for name in line.split(";")] for line in text.splitlines())
    return {name: names[0] for names in lines for name in names}


def canonical(city: str) -> str:
    """The first name of the city with this folded name, else the name itself without "city" and the like."""
    return _names().get(city) or _names().get(bare := _bare(city)) or bare


def is_known(city: str) -> bool:
    """Whether the list knows the city."""
    return city in _names() or _bare(city) in _names()


def _bare(city: str) -> str:
    return city.removesuffix(" city").removesuffix("市").removeprefix("г ") or city
