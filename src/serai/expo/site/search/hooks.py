"""The kinds of things that a search finds are declared where they are found."""

from serai.expo.site.search import domain as kinds  # noqa: F401  (importing it declares them)
