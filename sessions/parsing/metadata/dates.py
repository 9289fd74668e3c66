"""Dates as logs write them, in every language of the vocabulary. A date that could mean two days is ignored."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from functools import lru_cache

from sessions.parsing.vocabulary import LANGUAGES, any_of, fold, folded_words

_YEARS = range(2000, 2100)


def _months() -> dict[str, int]:
    names: dict[str, int] = {}
    for language in LANGUAGES:
        for number, words in enumerate(language.months, start=1):
            for word in words:
                names.setdefault(fold(word), number)
    return names


_MONTHS = _months()
_MONTH = rf"(?P<month>{any_of(_MONTHS)})(?!\w)"
_YEAR = r"(?P<year>20\d\d)"
_YEAR_MARK, _MONTH_MARK, _DAY_MARK = map(
    any_of, zip(*(each.date_marks for each in LANGUAGES if each.date_marks), strict=True)
)
_RANGE = rf"(?:[ ]?(?:-|–|/|{any_of(folded_words('ranges'))})[ ]?(?P<last>\d{{1,2}}))?"
_ORDINAL = any_of(folded_words("ordinals"))
_PARTICLE = any_of(folded_words("date_particles"))
_FORMS = [
    re.compile(
        rf"(?<!\d){_YEAR}(?P<sep>[-/._])(?P<month>\d{{1,2}})(?P=sep)(?P<day>\d{{1,2}})(?:/(?P<last>\d{{1,2}}))?(?!\d)"
    ),
    re.compile(
        rf"(?<!\d){_YEAR}[ ]?{_YEAR_MARK}[ ]?(?P<month>\d{{1,2}})[ ]?{_MONTH_MARK}"
        rf"[ ]?(?P<day>\d{{1,2}})[ ]?{_DAY_MARK}?"
    ),
    re.compile(rf"(?<!\w){_MONTH}\.?[ _-]?(?P<day>\d{{1,2}}){_ORDINAL}?{_RANGE}(?:,[ ]?|[ _-]){_YEAR}"),
    re.compile(
        rf"(?<!\d)(?P<day>\d{{1,2}}){_RANGE}(?:\.|{_ORDINAL})?[ _-](?:{_PARTICLE}[ ])?"
        rf"{_MONTH}\.?,?(?:[ ]{_PARTICLE})?[ _-]{_YEAR}"
    ),
    re.compile(rf"(?<!\d)(?P<day>\d{{1,2}})\.(?P<month>\d{{1,2}})\.{_YEAR}(?!\d)"),
    re.compile(rf"(?<!\d){_YEAR}(?P<month>0[1-9]|1[0-2])(?P<day>[0-2]\d|3[01])(?!\d|-\d{3})"),
]  # fmt: skip
_SHORT = re.compile(r"(?<![\d/.])(\d{1,2})/(\d{1,2})/(\d\d)(?![\d/])|^\W*(\d{1,2})\.(\d{1,2})\.(\d\d)(?![\d.])")
_VERSION = re.compile(rf"(?:^|[^\w]){any_of(folded_words('version_words'))}[\s:.]*$")
_FIRST_YEAR = 15  # of two digits: a log is younger
_BEFORE = 16  # characters before a date, in which a word may say that it is a version
# A month and a day behind the year are those of another date: "sessions-10-14-2026-02-14".
_SLASHED = re.compile(rf"(?<!\d)(\d{{1,2}})[/-](\d{{1,2}})[/-]{_YEAR}(?!\d|[/-]\d{{1,2}}[/-]\d)")


def find_dates(text: str) -> list[dt.date]:
    """Returns the days a text names, from left to right, including the first and last day of a range."""
    if "20" not in text and text.count("/") < 2 and text.count(".") < 2:
        return []  # every other form has a four-digit year
    return [day for _position, days in sorted(_dates(fold(text)), key=lambda pair: pair[0]) for day in days]


@lru_cache(maxsize=4096)
def first_date(text: str) -> str | None:
    """Returns the first day a text names, in ISO format."""
    days = find_dates(text)
    return days[0].isoformat() if days else None


def date_and_end(text: str) -> tuple[str | None, str | None]:
    """Returns the first day and, if a later one follows, the last."""
    days = find_dates(text)
    if not days:
        return None, None
    last = max(days)
    return days[0].isoformat(), last.isoformat() if last > days[0] else None


def _dates(text: str) -> Iterator[tuple[int, list[dt.date]]]:
    taken: list[tuple[int, int]] = []
    for form in _FORMS:
        for match in form.finditer(text):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            if _VERSION.search(text[max(match.start() - _BEFORE, 0) : match.start()]):
                continue
            parts = match.groupdict()
            month = _MONTHS.get(parts["month"]) or int(parts["month"])
            days = [_day(int(parts["year"]), month, int(parts[name])) for name in ("day", "last") if parts.get(name)]
            if days[0] is not None:
                taken.append(match.span())
                yield match.start(), [day for day in days if day]
    for match in _SLASHED.finditer(text):
        first, second, year = int(match[1]), int(match[2]), int(match["year"])
        if (first > 12) != (second > 12) or first == second:
            day = _day(year, second, first) if first > 12 else _day(year, first, second)
            if day:
                yield match.start(), [day]
    yield from _short_dates(text)


def _short_dates(text: str) -> Iterator[tuple[int, list[dt.date]]]:
    """Yields dates whose year has two digits: "20/02/22", and at the beginning of a text "20.02.22".

    Two figures that could both be the month leave the day open, unless full stops part them.
    """
    for match in _SHORT.finditer(text):
        first, second, year = (int(part) for part in match.groups() if part)
        begins_with_year = bool(match[1]) and first >= _FIRST_YEAR > year
        if begins_with_year:
            first, year = year, first  # "25/12/01"
        if second <= 12 and (begins_with_year or first > 12 or first == second or match[4]):
            day = _day(2000 + year, second, first)
        elif second > 12 and first <= 12:
            day = _day(2000 + year, first, second)
        else:
            continue
        if day:
            yield match.start(), [day]


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day) if year in _YEARS else None
    except ValueError:
        return None
