"""The words of a log without the marks around them."""

from __future__ import annotations

import re
from functools import lru_cache

from sessions.parsing.vocabulary import fold

_LINK = re.compile(r"!?\[([^\[\]\n]{0,300})\]\([^)\n]{0,500}\)")
# Neither the folder in "src/__tests__/a.js" nor "__init__.py" is emphasised.
_EMPHASIS = re.compile(r"(?<![\w*/])(\*{1,3}|_{1,3}|~~)(?=\S)([^*_~\n]{1,600}?)(?<=\S)\1(?![\w*/]|\.\w)")
_CODE = re.compile(r"(?<!`)(`++)([^`]++)\1(?!`)")
_HIDDEN = str.maketrans("*_~[", "\ue000\ue001\ue002\ue003")  # marks in code, while those outside are removed
_SHOWN = {shown: hidden for hidden, shown in _HIDDEN.items()}
_BOLD = re.compile(r"\*\*([^*]++)\*\*")  # also inside a word, unlike `_EMPHASIS`
# A mark without a partner is removed too, except between two words, which would become one.
_LONE_CODE_MARK = re.compile(r"(?<![\w`])`++|(?<!`)`++(?!\w)")
_LONE_BOLD_MARK = re.compile(r"(?<![\w*])\*\*|\*\*(?!\w)")
_LEADING_GLYPHS = re.compile(r"^(?:[^\w\s`\"'(\[<{$/\\.#@&%+=-]|\ufe0f)+[ \t]*")
_TRAILING_GLYPHS = re.compile(r"[ \t]?[\u2190-\u2bff\U0001f000-\U0001faff\ufe0f]{1,6}$")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]+")
_MARKS = re.compile(r"[^\w]+")
_LEADING_NUMBER = re.compile(r"^(?:#?\d{1,3}[.)、]\s+)")


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """Returns the text without emphasis, code marks and link targets: "**Fix** `a.py`" → "Fix a.py"."""
    coded = "`" in text
    if coded:
        text = _LONE_CODE_MARK.sub("", _CODE.sub(_code, text))
    if "](" in text:
        text = _LINK.sub(r"\1", text)
    if "*" in text or "_" in text or "~" in text:
        text = _EMPHASIS.sub(r"\2", text)
    if "**" in text:
        text = _LONE_BOLD_MARK.sub("", _BOLD.sub(_bold, text))
    return " ".join((text.translate(_SHOWN) if coded else text).split())


def _bold(span: re.Match[str]) -> str:
    """Returns bold words, with their marks if those only look like it: "2**8, not 2**16"."""
    joins = span.string[max(span.start() - 1, 0) : span.start()].isalnum() and span[1][0].isalnum()
    return span[0] if joins and " " in span[1] else span[1]


def _code(span: re.Match[str]) -> str:
    """Returns the words of a code span, with its marks if they are all that parts it from the word before."""
    joins = span.string[max(span.start() - 1, 0) : span.start()].isalnum() and span[2][0].isalnum()
    return span[0] if joins else span[2].translate(_HIDDEN)


@lru_cache(maxsize=4096)
def headline(text: str) -> str:
    """Returns plain text without surrounding glyphs and numbering: "3. ❌ Timeout" → "Timeout"."""
    words = plain(text)
    if words[:1].isalpha() and words[-1:].isalnum():
        return words  # nothing to remove
    words = _LEADING_GLYPHS.sub("", words)
    words = _LEADING_GLYPHS.sub("", _LEADING_NUMBER.sub("", words))
    return _TRAILING_GLYPHS.sub("", words).strip(" :：-–—") or words


def comparable(text: str) -> str:
    """Returns folded words without marks, for comparison. Scripts without spaces are split into pairs of characters."""
    return " ".join(_UNSPACED.sub(_in_pairs, _MARKS.sub(" ", fold(text))).split())


def _in_pairs(run: re.Match[str]) -> str:
    text = run[0]
    return " " + " ".join(text[i : i + 2] for i in range(max(len(text) - 1, 1))) + " "
