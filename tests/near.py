"""Stands in for search by meaning, as pages see it: the suite runs without an encoder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from kb.search.results.find import Hit, SearchPage

Search = Callable[..., SearchPage]
_TELLS_THE_SAME = 3  # hits after so many are folded into the first


def by_both(find: Search) -> Search:
    """Returns a search that answers as `find` does or, with meaning, in another order and with hits in hits.

    What `find` puts last comes first and counts as found by meaning alone, the next by both, the others by words.
    """

    def search(text: str, *, meaning: bool = True, **options: Any) -> SearchPage:
        page = find(text, meaning=False, **options)
        return replace(page, hits=_joined(_unfolded(page.hits)), by_meaning=1) if meaning and page.hits else page

    return search


def nearest(find: Search) -> Search:
    """Returns a search that, with meaning, has the newest errors where nothing contains the words."""

    def search(text: str, *, meaning: bool = True, **options: Any) -> SearchPage:
        page = find(text, meaning=False, **options)
        if not meaning or (page.total and not page.any_word):
            return page
        found = find("type:error", meaning=False)
        hits = [replace(hit, by_words=False, by_meaning=True) for hit in _unfolded(found.hits)]
        return replace(page, hits=tuple(hits), total=len(hits), by_meaning=len(hits), nearest=True, any_word=False)

    return search


def _unfolded(hits: tuple[Hit, ...]) -> tuple[Hit, ...]:
    return tuple(replace(each, folded=()) for hit in hits for each in (hit, *hit.folded))


def _joined(hits: tuple[Hit, ...]) -> tuple[Hit, ...]:
    *others, last = hits
    first = replace(last, by_words=False, by_meaning=True, folded=tuple(others[_TELLS_THE_SAME:]))
    both = [replace(hit, by_meaning=True) for hit in others[:1]]
    return first, *both, *others[1:_TELLS_THE_SAME]
