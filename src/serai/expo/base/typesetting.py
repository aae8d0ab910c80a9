"""Pages as PDF, set by Typst with fonts that come with Serai, so that every script is complete everywhere."""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import cvttf_NotoSansCJK_Regular
import fontpkg_noto_sans
import fontpkg_noto_sans_arabic
import typst

from serai.expo.base.text import without_controls


@cache
def font_folders() -> list[str]:
    """The folders of the fonts that come with Serai's packages."""
    packages = (fontpkg_noto_sans, fontpkg_noto_sans_arabic, cvttf_NotoSansCJK_Regular)
    return [str(Path(package.__file__ or "").parent) for package in packages]


def typeset(package: str, template: str, contents: Mapping[str, Any]) -> bytes:
    """A document as PDF: the file ``template`` of a package, which reads ``said`` from ``sys.inputs.said`` as JSON."""
    return _compiled(package, template, contents, font_paths=font_folders())


def draw(package: str, template: str, contents: Mapping[str, Any], *, has_words: bool = True) -> bytes:
    """A page as PNG, from a template as for ``typeset``; a point of the page is a point of the picture."""
    fonts = font_folders() if has_words else []  # to read them takes seconds
    return _compiled(package, template, contents, font_paths=fonts, format="png", ppi=72.0)


def _compiled(package: str, template: str, contents: Mapping[str, Any], **output: Any) -> bytes:
    source = files(package).joinpath(template).read_bytes()
    inputs = {"said": json.dumps(without_controls(contents))}
    document: Any = typst.compile(  # its own types do not know a document in memory
        source, ignore_system_fonts=True, sys_inputs=inputs, **output
    )
    return bytes(document)
