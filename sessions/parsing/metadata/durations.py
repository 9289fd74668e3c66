"""Durations as logs state them: "~2 hours", "1.5-2h", "5 horas 5 minutos", "00:45:00"."""

from __future__ import annotations

import re

from sessions.parsing.vocabulary import LANGUAGES, any_of, fold, folded_words, whole, words


def _units() -> dict[str, int]:
    return {
        fold(word): minutes
        for language in LANGUAGES
        for minutes, words in language.duration_units.items()
        for word in words
    }


_UNITS = _units()
_AMOUNT = re.compile(
    rf"(?<![\d.,:])(?P<low>\d{{1,3}}(?:[.,]\d{{1,2}})?)\+?"
    rf"(?:[ ]?(?:-|–|—|{any_of(folded_words('ranges'))})[ ]?(?P<high>\d{{1,3}}(?:[.,]\d{{1,2}})?))?"
    rf"[ ]?\+?(?P<unit>{any_of(_UNITS)})(?![^\W\d_])"
)
_ASIDE = re.compile(rf"[(;]|{whole(words('of_which'))}")
_HALF = re.compile(any_of(folded_words("half_hours")))
_CLOCK = re.compile(r"(?<![\d:])(\d{1,2}):(\d{2})(?::\d{2})?(?![\d:])")


def is_duration(text: str) -> bool:
    """Whether the text is nothing but a duration ("2-4 hours")."""
    return _AMOUNT.fullmatch(fold(text).strip(" ~()≈")) is not None


def minutes_of(text: str) -> int | None:
    """Returns the minutes a text states (of a range, the middle), or None if it states none ("Full session").

    Only the first duration counts, with what directly follows it in smaller units ("5 h 5 min").
    """
    folded = fold(_ASIDE.split(text, maxsplit=1)[0]) or fold(text)
    amounts = list(_AMOUNT.finditer(folded))
    if not amounts:
        if _HALF.search(folded):
            return 30
        clock = _CLOCK.fullmatch(folded.strip(" ~"))
        return (int(clock[1]) * 60 + int(clock[2])) or None if clock else None
    total, unit_before, end_before = 0.0, 10_000, amounts[0].start()
    for amount in amounts:
        unit = _UNITS[amount["unit"]]
        if unit >= unit_before or amount.start() - end_before > 6:
            break
        low = float(amount["low"].replace(",", "."))
        high = float(amount["high"].replace(",", ".")) if amount["high"] else low
        total += (low + high) / 2 * unit
        unit_before, end_before = unit, amount.end()
    return round(total)
