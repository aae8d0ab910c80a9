"""The marks of Chinese: full-width, and without a space after them, since their own width parts what they part.

Templates set ": " between a word and what it names, and a space between two sentences, as most languages do; which
marks a translation ends with is not theirs to know. So pages in Chinese are set once, on their way out.
"""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import get_language

_AS_SENT = re.compile(
    r"(<(?:script|style|textarea|pre|code)\b.*?</(?:script|style|textarea|pre|code)>|<(?:input|option|meta)\b[^>]*>)",
    re.DOTALL,
)
"""What belongs to a program, or to whoever wrote it: a form sends back what it shows."""
_INLINE = r"(?:</?(?:a|b|bdi|em|span|strong|time)\b[^>]*>)*"
_SPACE_AFTER_MARK = re.compile(rf"([：。；，！？])({_INLINE})[ \n]+")
_COLON = re.compile(rf"([\u4e00-\u9fff）”》])({_INLINE}): ")
_COMMA = re.compile(rf"([\u4e00-\u9fff）”》])({_INLINE}), ")
_FULL_STOP = re.compile(rf"([\u4e00-\u9fff）”》])({_INLINE})\.(?=[ \n<])")
_PER_CENT = re.compile(r"([0-9])[ \u00a0]%")


def with_chinese_marks(page: str) -> str:
    """A page of HTML whose marks are set as Chinese sets them."""
    parts = _AS_SENT.split(page)
    parts[::2] = [_set(part) for part in parts[::2]]
    return "".join(parts)


def _set(part: str) -> str:
    part = _COMMA.sub(r"\1\2，", _COLON.sub(r"\1\2：", part))
    part = _FULL_STOP.sub(r"\1\2。", part)
    return _PER_CENT.sub(r"\1%", _SPACE_AFTER_MARK.sub(r"\1\2", part))


class ChineseMarks:
    """Sets the marks of every page that is answered in Chinese."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self.get_response(request)
        if isinstance(answer, HttpResponse) and _is_page_in_chinese(answer):
            answer.content = with_chinese_marks(answer.text).encode(answer.charset)
        return answer


def _is_page_in_chinese(answer: HttpResponse) -> bool:
    """Not of a file, which may be in another language."""
    in_chinese = (get_language() or "").startswith("zh") and not answer.has_header("Content-Disposition")
    return in_chinese and answer.headers.get("Content-Type", "").startswith("text/html")
