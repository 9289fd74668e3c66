"""How words are used in session logs: how rare they are, and whether as code, as prose or as a proper name.

Counted once by training/linking.py, so that a comparison depends on the two messages alone and never on what else is
in the base. A word has one of a fixed count of places, by its hash; of words that share a place, the commonest counts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

PLACES = 2**16
_FULL = 255
_REMEMBERED = 2**14


class Usage(NamedTuple):
    """Shares, 0 to 1. A word that no log had is as rare as can be.

    rarity   1 if one log in all has it, 0 if every log has it
    code     of the logs that have it, those that have it in code, a path or an identifier
    prose    those that have it as a word
    proper   of those, the ones where it begins with a capital letter inside a sentence
    """

    rarity: float
    code: float
    prose: float
    proper: float


UNKNOWN = Usage(1.0, 0.5, 0.5, 0.3)


@dataclass(frozen=True, eq=False)
class Lexicon:
    """`shares`: PLACES rows of four shares, 0 to 255; a row of zeros is a place without a word."""

    shares: NDArray[np.uint8]

    @cached_property
    def usage(self) -> Callable[[str], Usage]:
        """Returns how a word is used. A comparison asks for some fifty, so the latest answers are remembered."""
        return lru_cache(maxsize=_REMEMBERED)(self._usage)

    def _usage(self, key: str) -> Usage:
        row = self.shares[place_of(key)].tolist()
        return Usage(*(share / _FULL for share in row)) if any(row) else UNKNOWN


def place_of(key: str) -> int:
    return crc32(key.encode()) % PLACES


def lexicon_of(usages: dict[str, Usage]) -> Lexicon:
    """Returns the lexicon of counted words."""
    shares = np.zeros((PLACES, len(UNKNOWN)), dtype=np.uint8)
    for key, usage in sorted(usages.items(), key=lambda pair: (-pair[1].rarity, pair[0])):
        shares[place_of(key)] = [round(_FULL * share) for share in usage]
    return Lexicon(shares)
