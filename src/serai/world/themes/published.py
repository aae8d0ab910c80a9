"""The indices that the field publishes, as their publisher prints them: beside Serai's numbers, and named as theirs."""

from dataclasses import dataclass

CITATION = (
    "CCPIT Academy, Global Supply Chain Promotion Report, edition of 2025; world values only, without weights, "
    "indicators or intervals"
)


@dataclass(frozen=True)
class PublishedNumber:
    """A printed value of an index, with 2018 as 1."""

    theme: str
    title: str
    year: int
    value: float
    base: int = 2018
    source: str = CITATION


PUBLISHED: tuple[PublishedNumber, ...] = (
    PublishedNumber("connectivity", "Global Supply Chain Connectivity Index", 2024, 1.56),
    PublishedNumber("resilience", "Global Supply Chain Resilience Index", 2024, 1.22),
    PublishedNumber("promotion", "Global Supply Chain Promotion Index", 2024, 2.71),
    PublishedNumber("innovation", "Global Supply Chain Innovation Index", 2024, 2.16),
)
"""By theme. The absolute scores of earlier editions (0.27 for 2018, 0.66 for 2023) have another scale and are left
out."""
