"""Bytes to text: byte-order marks, UTF-8, then the best guess of charset-normalizer."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from charset_normalizer import from_bytes

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class DecodedText:
    """A log's text with "\\n" line ends and without NUL, and the encoding it was read as."""

    text: str
    encoding: str


def decode(content: bytes) -> DecodedText:
    """Never fails: bytes that fit no encoding are read as UTF-8 with replacement characters."""
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), None)
    if encoding is None:
        encoding = _guess(content)
    return DecodedText(_clean(content.decode(encoding, errors="replace")), encoding)


def _guess(content: bytes) -> str:
    try:
        content.decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError:
        best = from_bytes(content).best()
        return best.encoding if best else "utf-8"


def _clean(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "\ufffd")
