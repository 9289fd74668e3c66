"""The query language: words, "phrases", -exclusions and filters, parsed into a `Query`. Any string is a query."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from kb.search.index.analysis import as_words, query_tokens
from kb.search.index.facet_tokens import facet_token
from kb.search.language.fillers import pieces_of, words_and_fillers
from kb.search.language.filters import DATE_FILTERS, FILTER_VALUES, FILTERS

_PART = re.compile(r'(?P<minus>-(?!-))?(?:(?P<name>[A-Za-z]{1,12}):)?(?:"(?P<quoted>[^"]*)"?|(?P<bare>[^\s"]\S*))')
_MAX_PARTS = 32
_AGO = re.compile(r"^(\d{1,4})([dwmy])$")
_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}
_FILTER_NAMES = (*FILTERS, *DATE_FILTERS)
_SIMILAR_NAME = 0.75  # how close a word before a colon is to a filter's name that was mistyped
_SIMILAR_VALUE = 0.5
_SENTENCE = 2  # function words


@dataclass(frozen=True, slots=True)
class Problem:
    """A part of a query that makes no sense, explained in a sentence, and what may have been meant."""

    text: str
    sentence: str
    suggestion: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a query as typed, so that it can be shown and removed.

    facet    the token of a filter's value
    words    the text whose words are to be looked for
    said     what the part adds to the sentence that a query may be
    """

    text: str
    is_filter: bool = False
    facet: str = ""
    words: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query. All words, phrases and facets must match, and nothing that is excluded.

    words            without function words, unless there is nothing else to look for
    fillers          the function words that were left out of `words`: no token is in both
    phrases          the tokens of each phrase
    quoted           each phrase as words separated by single spaces
    facets           facet tokens of filters
    after, before    first day, and the day after the last, of the session
    typing           the last word while it is being typed: it matches every word that starts with it
    meaning          whether records are found by their meaning as well
    """

    parts: tuple[Part, ...] = ()
    words: tuple[str, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()
    quoted: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    facets: tuple[str, ...] = ()
    excluded_facets: tuple[str, ...] = ()
    after: dt.date | None = None
    before: dt.date | None = None
    problems: tuple[Problem, ...] = ()
    typing: str = ""
    fillers: tuple[str, ...] = ()
    meaning: bool = True

    @property
    def is_sentence(self) -> bool:
        """Whether the query reads like a sentence or a question rather than a list of words."""
        return len(self.fillers) >= _SENTENCE

    @property
    def sentence(self) -> str:
        """What the query says, as typed: without filters, also mistyped ones, and exclusions."""
        return " ".join(part.said for part in self.parts if part.said)

    @property
    def is_narrowed(self) -> bool:
        """Whether filters or excluded words leave some entries out."""
        return bool(self.facets or self.excluded or self.excluded_facets or self.after or self.before)

    @property
    def is_empty(self) -> bool:
        return not (self.words or self.phrases or self.facets or self.after or self.before)

    @property
    def terms(self) -> tuple[str, ...]:
        """All words to look for, including those of phrases."""
        return tuple(dict.fromkeys([*self.words, *(word for phrase in self.phrases for word in phrase)]))

    def without(self, part: Part) -> str:
        """Returns the text of the query without one of its parts."""
        return " ".join(other.text for other in self.parts if other is not part)


def parse_query(text: str, today: dt.date, *, typing: bool = False) -> Query:
    """Parses a query. While typing, the last word matches every word that starts with it."""
    query = Query()
    for match in _PART.finditer(text.replace("\x00", " ")):
        if len(query.parts) >= _MAX_PARTS:
            break
        query = _with_part(query, match, today)
    return _with_bare_words(query, typing=typing and not text[-1:].isspace())


def _with_bare_words(query: Query, *, typing: bool) -> Query:
    """Adds the words of all parts, and leaves out function words if anything else is left to look for."""
    texts = [part.words for part in query.parts if part.words]
    pieces = pieces_of(query.parts[-1].words) if typing and query.parts else []
    typed = pieces[-1].tokens[-1] if pieces else ""
    words, fillers = words_and_fillers(texts, typing=bool(typed))
    others = {*words, *fillers, *query.terms} - {typed}
    if len(typed) == 1 and typed.isascii() and others:  # a single letter would match almost everything
        words, typed = tuple(word for word in words if word != typed), ""
    if not words and not query.phrases:
        words, fillers = fillers, ()
    return replace(query, words=words, fillers=fillers, typing=typed)


def _with_part(query: Query, match: re.Match[str], today: dt.date) -> Query:
    name, value = (match["name"] or "").lower(), match["quoted"] if match["quoted"] is not None else match["bare"]
    if name in _FILTER_NAMES:
        return _with_filter(query, match, name, value, today)
    closest = _closest(name, _FILTER_NAMES, _SIMILAR_NAME) if name and match["quoted"] is None else ""
    if closest:
        sentence = f"There is no filter “{name}:”, so it is searched for as a word."
        query = _with_problem(query, match[0], sentence, f"{closest}:{value}")
    return _with_words(query, match, value, is_mistyped=bool(closest))


def _with_words(query: Query, match: re.Match[str], value: str, *, is_mistyped: bool) -> Query:
    text = f"{match['name']}:{value}" if match["name"] else value
    tokens = query_tokens(text)
    if match["minus"]:
        query = replace(query, excluded=(*query.excluded, *tokens))
        return _plus(query, Part(match[0]))
    if match["quoted"] is None or match["name"]:
        return _plus(query, Part(match[0], words=text, said="" if is_mistyped else text))
    if tokens:
        query = replace(query, phrases=(*query.phrases, tuple(tokens)), quoted=(*query.quoted, as_words(value)))
    return _plus(query, Part(match[0], said=value.strip()))


def _plus(query: Query, part: Part) -> Query:
    return replace(query, parts=(*query.parts, part))


def _with_filter(query: Query, match: re.Match[str], name: str, value: str, today: dt.date) -> Query:
    facet = "" if name == "meaning" else facet_token(name, value)
    query = _plus(query, Part(match[0], is_filter=True, facet=facet))
    if name in DATE_FILTERS:
        return _with_date(query, match[0], name, value, today)
    accepted = FILTER_VALUES.get(name)
    if accepted is not None and value.lower() not in accepted:
        closest = _closest(value.lower(), accepted, _SIMILAR_VALUE)
        sentence = f"“{name}:” accepts {', '.join(accepted)}."
        return _with_problem(query, match[0], sentence, f"{name}:{closest}" if closest else "")
    if name == "meaning":
        return replace(query, meaning=(value.lower() == "on") != bool(match["minus"]))
    if match["minus"]:
        return replace(query, excluded_facets=(*query.excluded_facets, facet))
    return replace(query, facets=(*query.facets, facet))


def _with_date(query: Query, text: str, name: str, value: str, today: dt.date) -> Query:
    day = _day(value, today)
    if day is None:
        sentence = f"“{value}” is not a date. Write 2026-02-01, or 7d for seven days ago."
        return _with_problem(query, text, sentence)
    return replace(query, before=day) if name == "before" else replace(query, after=day)


def _with_problem(query: Query, text: str, sentence: str, suggestion: str = "") -> Query:
    return replace(query, problems=(*query.problems, Problem(text, sentence, suggestion)))


def _closest(word: str, candidates: Iterable[str], cutoff: float) -> str:
    return next(iter(difflib.get_close_matches(word, list(candidates), n=1, cutoff=cutoff)), "")


def _day(value: str, today: dt.date) -> dt.date | None:
    try:
        if ago := _AGO.match(value.lower()):
            return today - dt.timedelta(days=int(ago[1]) * _DAYS[ago[2]])
        return dt.date.fromisoformat(value)
    except (ValueError, OverflowError):  # no such day, or before the year 1
        return None
