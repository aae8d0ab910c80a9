"""Pictograms of the built-in chains, as paths of SVG in a square of 24, drawn with a line of 1.6."""

from collections.abc import Mapping

PICTOGRAMS: Mapping[str, str] = {
    "smart-vehicle": (
        "M3 16v-3l2-5h11l3 5h2v3h-2M9 16h6M5 16H3M7 18a2 2 0 1 0 0-4 2 2 0 0 0 0 4z"
        "M17 18a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM10 8v5h9"
    ),
    "green-agriculture": "M12 21V10M12 13c-5 0-7-3-7-7 5 0 7 3 7 7zM12 11c0-5 3-7 7-7 0 5-3 7-7 7zM6 21h12",
    "clean-energy": "M13 2 5 14h6l-1 8 9-13h-6z",
    "digital-technology": "M7 7h10v10H7zM10 10h4v4h-4zM9 7V3M15 7V3M9 21v-4M15 21v-4M7 9H3M7 15H3M21 9h-4M21 15h-4",
    "healthy-life": (
        "M12 21C6 16 3 12.5 3 9a4.5 4.5 0 0 1 9-1 4.5 4.5 0 0 1 9 1c0 3.5-3 7-9 12zM6 12h3l2-3 2 5 1.5-2H18"
    ),
    "supply-chain-services": (
        "M2 7h12v9H2zM14 10h4l4 3v3h-8zM6 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM18 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4z"
    ),
    "minerals-and-metals": "M3 20 9 8l4 6 3-5 5 11zM14 4l4 4M18 4l-8 0M18 4v6",
    "advanced-manufacturing": "M3 21V11l6 4v-4l6 4V3h4l2 18zM8 18h2M13 18h2",
    "textiles-and-apparel": "M8 3 3 6l2 5 2-1v11h10V10l2 1 2-5-5-3c-1 3-7 3-8 0z",
}

OWN_CHAIN = "M9 12a4 4 0 0 1 4-4h3a4 4 0 0 1 0 8h-2M15 12a4 4 0 0 1-4 4H8a4 4 0 0 1 0-8h2"
"""Two members of a chain, for one that an organisation has written."""
