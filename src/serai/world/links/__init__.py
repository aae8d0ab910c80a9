"""The value of a link: what a new supplier of a cell would do to each of the nine properties.

`value_of_links` answers for many links at once, arrays in and arrays out, and gives no single number: a vector by
property, each with the probability that it is for the better. Weights are the user's, in `LinkValue.weighted`.
"""

from serai.world.links.candidates import Links, links_between
from serai.world.links.value import LinkValue, value_of_links

__all__ = ["LinkValue", "Links", "links_between", "value_of_links"]
