"""Bytes to text: byte-order marks, UTF-16 by its zero bytes, UTF-8, then the best guess of charset-normalizer."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from charset_normalizer import from_bytes

_SAMPLE = 4096  # bytes
_MOSTLY = 0.6  # share of zero bytes that makes UTF-16
_MOST_BINARY = 0.1  # share of characters that do not occur in text
_BINARY = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffd]")
# Colours and cursor movements of a terminal (ECMA-48).
_TERMINAL = re.compile(r"\x1b(?:\[[0-?]{0,30}[ -/]{0,5}[@-~]|\][^\x07\x1b\n]{0,200}(?:\x07|\x1b\\)|[@-Z\\-_])")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class DecodedText:
    """A log's text with "\\n" line ends and without NUL, and its encoding."""

    text: str
    encoding: str

    @property
    def is_text(self) -> bool:
        """Whether few of the first characters are control characters or replacements of undecodable bytes."""
        sample = self.text[:_SAMPLE]
        return len(_BINARY.findall(sample)) <= _MOST_BINARY * len(sample)


def decode(content: bytes) -> DecodedText:
    """Decodes bytes to text. Never fails: bytes that fit no encoding become replacement characters."""
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), None)
    if encoding is None:
        encoding = _guess(content)
    return DecodedText(_clean(content.decode(encoding, errors="replace")), encoding)


def _guess(content: bytes) -> str:
    if utf16 := _utf16(content):
        return utf16
    try:
        content.decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError:
        best = from_bytes(content).best()
        return best.encoding if best else "utf-8"


def _utf16(content: bytes) -> str | None:
    """Returns the byte order of UTF-16 without a mark, recognised by the zero byte in most pairs, or None."""
    sample = content[:_SAMPLE]
    if len(sample) < 8 or len(content) % 2:
        return None
    half = len(sample) // 2
    if sample[1::2].count(0) > half * _MOSTLY:
        return "utf-16-le"
    return "utf-16-be" if sample[0::2].count(0) > half * _MOSTLY else None


def _clean(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "\ufffd")
    return _TERMINAL.sub("", text) if "\x1b" in text else text
