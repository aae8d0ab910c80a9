"""The packages of the demonstration."""

from serai.expo.settings import LANGUAGES
from serai.expo.site.demonstration.domain.content import read


def test_every_package_has_a_title_of_its_own_in_each_language():
    titles = [row["title"] for row in read("market.toml")["packages"]]
    for language, _name in LANGUAGES:
        assert len({title[language] for title in titles}) == len(titles)
