"""Names of firms without their legal forms."""

import re
from functools import lru_cache
from importlib import resources

from serai.expo.base.collation import fold

# In the folded writing of `name_key`, the longest first, so that "co ltd" goes before "ltd".
LEGAL_FORMS = sorted(
    resources.files("serai.expo.firms.record").joinpath("legal_forms.txt").read_text(encoding="utf-8").splitlines(),
    key=len,
    reverse=True,
)
_END = re.compile(rf"(?:(?<=\s)|(?<=[\u4e00-\u9fff]))(?:{'|'.join(map(re.escape, LEGAL_FORMS))})$")
_START = re.compile(r"^(?:pt|ооо|оао|зао|пао|ао|شركة|株式会社|주식회사)\s+")


@lru_cache(maxsize=16_384)
def name_key(name: str) -> str:
    """The folded name without its legal form: two writings of one firm's name have the same key.

    A name that consists of legal forms only keeps them: an empty key would find every firm.
    """
    folded = fold(name)
    key = _START.sub("", folded)
    while (shorter := _END.sub("", key).strip()) and shorter != key:
        key = shorter
    return key or folded
