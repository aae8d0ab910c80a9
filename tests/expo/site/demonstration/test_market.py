"""What is dealt with at the demonstration's market."""

from serai.expo.settings import LANGUAGES
from serai.expo.site.demonstration.domain.market import PACKAGES


def test_every_package_has_a_title_of_its_own_in_each_language():
    titles = [title for _code, title, *_limits in PACKAGES]
    for language, _name in LANGUAGES:
        assert len({title[language] for title in titles}) == len(titles)
