"""Words of a log without the marks around them."""

from __future__ import annotations

import re
from functools import lru_cache

from sessions.parsing.vocabulary import fold

_LINK = re.compile(r"!?\[([^\[\]\n]{0,300})\]\([^)\n]{0,500}\)")
_EMPHASIS = re.compile(r"(?<![\w*])(\*{1,3}|_{1,3}|~~)(?=\S)([^*_~\n]{1,600}?)(?<=\S)\1(?![\w*])")
_CODE = re.compile(r"(?<!`)(`++)([^`]++)\1(?!`)")
_HIDDEN = str.maketrans("*_~[", "\ue000\ue001\ue002\ue003")  # marks in code, while those outside are taken away
_SHOWN = {shown: hidden for hidden, shown in _HIDDEN.items()}
_BOLD = re.compile(r"\*\*([^*]++)\*\*")  # also inside a word, where `_EMPHASIS` takes none
# A mark that is not one of a pair goes too, but between two words it stays: they are not one word.
_LONE_CODE_MARK = re.compile(r"(?<![\w`])`++|(?<!`)`++(?!\w)")
_LONE_BOLD_MARK = re.compile(r"(?<![\w*])\*\*|\*\*(?!\w)")
_LEADING_GLYPHS = re.compile(r"^(?:[^\w\s`\"'(\[<{$/\\.#@&%+=-]|\ufe0f)+[ \t]*")
_TRAILING_GLYPHS = re.compile(r"[ \t]?[\u2190-\u2bff\U0001f000-\U0001faff\ufe0f]{1,6}$")
_LEADING_NUMBER = re.compile(r"^(?:#?\d{1,3}[.)、]\s+)")


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """The text without emphasis, code marks and link targets: "**Fix** `a.py`" → "Fix a.py". Code stays as it is."""
    coded = "`" in text
    if coded:
        text = _LONE_CODE_MARK.sub("", _CODE.sub(lambda code: code[2].translate(_HIDDEN), text))
    if "](" in text:
        text = _LINK.sub(r"\1", text)
    if "*" in text or "_" in text or "~" in text:
        text = _EMPHASIS.sub(r"\2", text)
    if "**" in text:
        text = _LONE_BOLD_MARK.sub("", _BOLD.sub(r"\1", text))
    return " ".join((text.translate(_SHOWN) if coded else text).split())


@lru_cache(maxsize=4096)
def headline(text: str) -> str:
    """Plain text without the glyphs around it and without numbering: "### 3. ❌ Timeout" → "Timeout"."""
    words = plain(text)
    if words[:1].isalpha() and words[-1:].isalnum():
        return words  # nothing stands around it
    words = _LEADING_GLYPHS.sub("", words)
    words = _LEADING_GLYPHS.sub("", _LEADING_NUMBER.sub("", words))
    return _TRAILING_GLYPHS.sub("", words).strip(" :：-–—") or words


def comparable(text: str) -> str:
    """Folded words without marks, for comparing; scripts without spaces are cut into pairs of characters."""
    return " ".join(_UNSPACED.sub(_in_pairs, _MARKS.sub(" ", fold(text))).split())


def _in_pairs(run: re.Match[str]) -> str:
    text = run[0]
    return " " + " ".join(text[i : i + 2] for i in range(max(len(text) - 1, 1))) + " "


_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]+")
_MARKS = re.compile(r"[^\w]+")
