"""A drawing as PNG, set by Typst with the fonts that come with Serai, so that every script is complete everywhere."""

from typing import Any

import typst

from serai.expo.base.typesetting import font_folders

DOTS_AN_INCH = 144.0
PAGE = """
#set page(width: auto, height: auto, margin: 0pt)
#image(bytes(sys.inputs.svg), format: "svg")
"""


def png(svg: str) -> bytes:
    """The picture with two dots a pixel."""
    made: Any = typst.compile(  # type: ignore[call-overload]  # its own types do not know a document in memory
        PAGE.encode(),
        font_paths=font_folders(),
        ignore_system_fonts=True,
        sys_inputs={"svg": svg},
        format="png",
        ppi=DOTS_AN_INCH,
    )
    return bytes(made)
