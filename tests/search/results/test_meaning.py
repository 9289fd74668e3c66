"""Search by words and by meaning together, over every line of a log."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kb.importing import Imported
from kb.models import EntryKind, SearchEntry
from kb.search.results.find import Hit, search
from sessions.models import SessionLog

LOG = """# Session: Checkout of the boat shop

**Date**: 2026-03-04

## Errors

### Login cookie is dropped on the second domain

**Error**: `401 Unauthorized` after the redirect to the payment page

**Fix**: set `SameSite=None` on the cookie

## Notes

The nightly backup of the ledger runs at three in the morning.

```
pnpm run zebroid --filter harbor
```

| Harbour | Depth |
| --- | --- |
| Elsfleth | nine fathoms |
"""
FRENCH = """# Séance : formulaire du port

**Date** : 2026-03-06

## Erreurs

### Les données saisies disparaissent quand la page se recharge

**Erreur** : le brouillon n'est pas enregistré

**Correction** : enregistrer le brouillon dans le navigateur
"""
WEATHER = """# Session: Weather station

**Date**: 2026-03-09

## Errors

### Barometer shows yesterday's pressure

**Error**: `StaleReadingError: reading is a day old`

## Notes

The mast was painted white.
"""
pytestmark = pytest.mark.django_db


@pytest.fixture
def logs(by_meaning: None, ingest: Callable[..., Imported]) -> None:
    for name, text in (("boat", LOG), ("port", FRENCH), ("weather", WEATHER)):
        ingest(text, path=f"{name}/log.md", project=name)


def sessions_of(query: str, **options: bool) -> list[str]:
    return [hit.entry.session_title for hit in search(query, **options).hits]


def first(query: str) -> Hit:
    return search(query).hits[0]


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("nightly backup ledger", 15),
        ("zebroid", 18),
        ("elsfleth", 23),
        ("fathoms", 23),
        ("harbour depth", 21),
    ],
)
def test_what_became_no_record_is_found_at_its_line(logs: None, words: str, line: int) -> None:
    lines = {(hit.entry.kind, hit.entry.line) for hit in search(words, meaning=False).hits}
    assert line in {at for _, at in lines}


def test_every_word_of_a_log_is_found(logs: None) -> None:
    words = {word.strip("|*#:`.,()") for word in LOG.split()}
    missing = [word for word in words if word and not search(f'"{word}"', meaning=False).total]
    assert [word for word in missing if any(map(str.isalnum, word))] == []


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("typed text is lost after a reload", "formulaire du port"),
        ("Eingaben gehen beim Neuladen verloren", "formulaire du port"),
        ("Anmeldung geht auf der anderen Webseite verloren", "Checkout of the boat shop"),
    ],
)
def test_other_words_and_languages_find_by_meaning(logs: None, query: str, title: str) -> None:
    assert not any(title in found for found in sessions_of(query, meaning=False)[:1])
    hit = first(query)
    assert title in hit.entry.session_title
    assert hit.by_meaning


def test_an_identifier_comes_first(logs: None) -> None:
    hit = first("StaleReadingError")
    assert "StaleReadingError" in f"{hit.entry.title} {hit.entry.body}"
    assert hit.by_words


def test_meaning_can_be_left_out(logs: None) -> None:
    query = "typed text is lost after a reload"
    assert not any(hit.by_meaning for hit in search(f"{query} meaning:off").hits)
    assert not any(hit.by_meaning for hit in search(query, meaning=False).hits)


def test_filters_and_exclusions_hold_for_meaning_too(logs: None) -> None:
    query = "typed text is lost after a reload"
    assert all("Weather" in title for title in sessions_of(f"{query} project:weather"))
    assert "formulaire" in sessions_of(f"{query} project:port")[0]
    assert all("port" not in title for title in sessions_of(f"{query} -page -brouillon -formulaire"))


@pytest.mark.parametrize("phrase", ["the mast was painted", "cookie is dropped", "dropped is cookie"])
def test_who_quotes_gets_nothing_that_is_only_near(logs: None, phrase: str) -> None:
    page = search(f'"{phrase}"')
    assert page.hits
    assert all(each.by_words for hit in page.hits for each in (hit, *hit.folded))
    assert page.by_meaning == 0


def test_nothing_found_by_words_shows_the_nearest(logs: None) -> None:
    page = search("saisie effacée rafraîchissement")
    assert page.nearest
    assert page.hits
    assert not any(hit.by_words for hit in page.hits)


def test_a_score_says_how_near_it_is(logs: None) -> None:
    parts = [part.text for part in first("typed text is lost after a reload").ranked.score_parts]
    assert any(text.startswith("near in meaning, 0.") for text in parts)


def test_a_base_without_vectors_is_searched_by_words(ingest: Callable[..., Imported], settings: object) -> None:
    ingest(LOG, path="boat/log.md")
    settings.MEANING = True  # type: ignore[attr-defined]
    page = search("nightly backup")
    assert [hit.by_meaning for hit in page.hits] == [False] * len(page.hits)
    assert page.total


def test_lines_go_with_their_session(logs: None) -> None:
    assert SearchEntry.objects.filter(kind=EntryKind.PASSAGE).exists()
    SessionLog.objects.all().delete()
    assert not SearchEntry.objects.exists()
    assert search("nightly backup").total == 0


def test_a_line_that_a_record_tells_wholly_is_no_entry_of_its_own(logs: None) -> None:
    told = SearchEntry.objects.filter(title__contains="Barometer shows", session__title__contains="Weather")
    assert [entry.kind for entry in told] == [EntryKind.ERROR]
