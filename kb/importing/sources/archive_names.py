"""Names in a zip archive that does not state their encoding: UTF-8, else the likeliest of some legacy encodings.

A zip without the UTF-8 flag uses the code page of the system that packed it, which it does not name (APPNOTE.TXT
6.3.10, appendix D). `zipfile` reads such names as code page 437. All names of an archive have one encoding, so they are
judged together, by how rare the characters are that each encoding yields. Each double-byte standard keeps its common
characters in an area of their own, within which all count the same; those outside are rare.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Sequence
from itertools import pairwise
from math import log

from sessions.sources import composed

_UTF8_FLAG = 0x800
_ASCII = log(64)  # the cost of a plain character, which a double-byte encoding may take as half of another
_RARE = log(200)  # what a character outside the common area costs beside it
_MIXED = log(20)  # a Latin letter right beside one of another script
_ACCENTED = log(400)  # an accented letter: one of forty, and one letter in ten has an accent


def names_in(files: Sequence[zipfile.ZipInfo]) -> list[str]:
    """Returns the names of an archive's files, in order, with accents composed."""
    unstated = [_bytes(info) for info in files if not info.flag_bits & _UTF8_FLAG]
    encoding = likeliest_encoding([name for name in unstated if name is not None])
    return [composed(_name(info, encoding)) for info in files]


def likeliest_encoding(names: Sequence[bytes]) -> str:
    """Returns the encoding in which names without a stated one make most sense, or "cp437" if no other fits."""
    fitting = {}
    for encoding in ("utf-8", *_AREAS, "cp437"):
        try:
            fitting[encoding] = [name.decode(encoding) for name in names]
        except UnicodeDecodeError:
            continue
    if "utf-8" in fitting:
        return "utf-8"
    return min(fitting, key=lambda encoding: sum(_cost(name, encoding) for name in fitting[encoding]))


def _name(info: zipfile.ZipInfo, encoding: str) -> str:
    raw = None if info.flag_bits & _UTF8_FLAG else _bytes(info)
    return info.filename if raw is None else raw.decode(encoding)


def _bytes(info: zipfile.ZipInfo) -> bytes | None:
    """Returns the bytes of a name that was read as code page 437, or None if it was not."""
    try:
        return info.filename.encode("cp437")
    except UnicodeEncodeError:
        return None


def _cost(name: str, encoding: str) -> float:
    """Returns how unlikely a name is: the negative logarithm of its probability, up to a constant."""
    area = _AREAS.get(encoding, _latin)
    beside = [(one, two) for pair in pairwise(name) for one, two in (pair, pair[::-1])]
    mixed = sum(_is_latin(one) and _is_other(two) for one, two in beside)
    return mixed * _MIXED + sum(_ASCII if character.isascii() else area(character) for character in name)


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalpha()


def _is_other(character: str) -> bool:
    return character > "\u2fff" and character.isalpha()


def _latin(character: str) -> float:
    return _ACCENTED if character.isalpha() and character < "\u0250" else _ACCENTED + _RARE


def _japanese(character: str) -> float:
    """Kana, then the kanji of the first level of JIS X 0208 (Shift JIS 0x889F to 0x9872)."""
    if "\u3040" <= character <= "\u30ff":
        return log(2 * 170)
    raw = character.encode("cp932")
    return log(2 * 2965) + (0 if b"\x88\x9f" <= raw <= b"\x98\x72" else _RARE)


def _chinese(character: str) -> float:
    """The hanzi of the first level of GB 2312 (0xB0A1 to 0xD7F9)."""
    raw = character.encode("gbk")
    return log(3755) + (0 if b"\xb0\xa1" <= raw <= b"\xd7\xf9" and raw[1] >= 0xA1 else _RARE)


def _korean(character: str) -> float:
    """The syllables of KS X 1001 (0xB0A1 to 0xC8FE): two in three hanzi lie there too, so a few are no proof."""
    raw = character.encode("cp949")
    return log(2350) + (0 if b"\xb0\xa1" <= raw <= b"\xc8\xfe" and raw[1:] >= b"\xa1" else _RARE)


_AREAS: dict[str, Callable[[str], float]] = {"gbk": _chinese, "cp932": _japanese, "cp949": _korean}
