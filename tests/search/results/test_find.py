"""Search finds records by words, identifiers and filters, and helps when it finds little."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from kb.importing import Imported
from kb.search.results.find import search
from tests.factories import OPEN, log

TODAY = dt.date(2026, 4, 1)


@pytest.fixture
def logs(ingest: Callable[..., Imported]) -> None:
    ingest(log("2026-03-01"))
    ingest(log("2026-03-09", OPEN.replace("total", "currency")), path="lumen/2026-03-09.md", project="lumen")


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("total", ["Missing total column"]),
        ("UndefinedColumn currency", ["Missing currency column"]),
        ("type:error", ["Missing currency column", "Missing total column"]),
        ("type:error status:fixed", ["Missing total column"]),
        ("type:error has:workingfix", ["Missing total column"]),
        ("type:error -currency", ["Missing total column"]),
        ("type:error project:lumen", ["Missing currency column"]),
        ("type:error before:2026-03-05", ["Missing total column"]),
        ("type:error after:2026-03-05", ["Missing currency column"]),
        ('"column total"', ["Missing total column"]),
        ("type:error type:fix total", ["Missing total column"]),
        ("is:recurring", []),
        ("exception:UndefinedColumn total type:error", ["Missing total column"]),
    ],
)
def test_a_query_finds(logs: None, query: str, titles: list[str]) -> None:
    assert [hit.entry.title for hit in search(query).hits if hit.kind == "error"] == titles


NAMES = """# Session: Names

**Date**: 2026-03-20

## Errors

### Deploy fails
- **Error**: `psycopg2.errors.UndefinedColumn` at handler.py:313 for /api/v1/campaigns, exit 0x80070005
- **Cause**: `sam deploy --no-confirm-changeset` ran against arn:aws:lambda:eu-west-1:1234:function:mailer in C++
- **Fix**: renamed getUserById, TS2345 gone
"""


@pytest.mark.parametrize(
    "query",
    [
        *("psycopg2.errors.UndefinedColumn", "errors.UndefinedColumn", "UndefinedColumn", "undefined"),
        *("/api/v1/campaigns", "api/v1", "campaigns", "v1/campaigns"),
        *("--no-confirm-changeset", "no-confirm-changeset", "changeset"),
        *("TS2345", "handler.py:313", "handler.py", "handler"),
        *("arn:aws:lambda", "lambda", "0x80070005", "C++", "getUserById", "User", "eu-west-1"),
    ],
)
def test_an_identifier_is_found_whole_and_by_part(ingest: Callable[..., Imported], query: str) -> None:
    ingest(NAMES)
    assert [hit.entry.title for hit in search(f"{query} type:error").hits] == ["Deploy fails"]


def _order(query: str) -> list[str]:
    return [hit.entry.title for hit in search(query).hits]


def _session(day: str, *errors: str) -> str:
    records = "\n\n".join(f"### {title}\n- **Error**: {message}" for title, message in (e.split("|") for e in errors))
    return f"# Session of {day}\n\n**Date**: {day}\n\n## Errors\n\n{records}\n"


def test_the_title_counts_more_than_the_message(ingest: Callable[..., Imported]) -> None:
    ingest(_session("2026-03-02", "Turbine stalls|no pressure in the line", "Pump leaks|the turbine is wet as well"))
    assert _order("turbine type:error") == ["Turbine stalls", "Pump leaks"]


def test_a_whole_word_counts_more_than_a_beginning(ingest: Callable[..., Imported]) -> None:
    ingest(_session("2026-03-02", "Pumping stops|slowly at night", "Pump leaks|slowly at night"))
    page = search("pump", typing=True)
    assert [hit.entry.title for hit in page.hits if hit.kind == "error"] == ["Pump leaks", "Pumping stops"]


def test_equal_hits_are_sorted_newest_first(ingest: Callable[..., Imported]) -> None:
    for day in ("2026-03-05", "2026-03-09", "2026-03-02"):
        ingest(_session(day, "Valve sticks|badly"), path=f"{day}.md")
    (told,) = search("valve type:error").hits
    days = [str(hit.entry.date) for hit in (told, *told.folded)]
    assert days == ["2026-03-09", "2026-03-05", "2026-03-02"]


def test_one_session_does_not_flood_the_page(ingest: Callable[..., Imported]) -> None:
    ingest(_session("2026-03-09", *(f"Sensor {name} drifts|off" for name in "abcdefgh")), path="many.md")
    ingest(_session("2026-03-01", "The gauge is odd|a sensor is off somewhere in the hall behind"), path="one.md")
    sessions = [hit.entry.session_id for hit in search("sensor type:error").hits]
    assert len(set(sessions[:4])) == 2


def test_a_hit_explains_its_score(logs: None) -> None:
    parts = search("total type:error").hits[0].ranked.score_parts
    assert any("in the title" in part.text for part in parts)
    assert any(part.text == "a fix worked" for part in parts)


def test_open_blockers_are_a_query(logs: None) -> None:
    page = search("p:0 is:open certificate")
    assert {hit.kind for hit in page.hits} == {"next step"}
    assert page.total == 2


def test_the_last_word_is_a_beginning_while_typing(logs: None) -> None:
    assert search("curr", typing=True).total > 0
    assert search("curr").total == 0


def test_an_option_is_a_word_and_not_an_exclusion(logs: None) -> None:
    assert search("--no-input").hits[0].kind == "command"


def test_words_in_another_order_are_not_the_phrase(logs: None) -> None:
    assert not search('"missing total column"').any_word
    assert search('"total column missing"').any_word


def test_words_that_never_meet_find_any(logs: None) -> None:
    page = search("total certificate zebra")
    assert page.any_word
    assert page.total > 0


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("colunm", "column"),
        ("colmun relation", "column"),
        ("olumn", "column"),
        ("xolumn", "column"),
        ("migratoin", "migration"),
    ],
)
def test_a_typo_finds_the_word(logs: None, query: str, word: str) -> None:
    page = search(query)
    assert page.total
    assert word in page.corrections[0][1]


@pytest.mark.parametrize("query", ["0x80070006", "TS2346", "lumen/2026-03-10.md", "404", "2026-03-02"])
def test_numbers_and_paths_are_never_corrected(logs: None, query: str) -> None:
    assert search(query).corrections == ()


def test_the_parts_of_an_identifier_are_found_where_it_is_not(logs: None) -> None:
    page = search("billing.errors.UndefinedColumn total")
    assert page.total
    assert not page.any_word


@pytest.mark.parametrize("address", ["10.0.0.4:6379", "2026-03-01T10:00:00Z", "0x7f3a"])
def test_what_is_different_every_time_is_left_out(logs: None, address: str) -> None:
    page = search(f"UndefinedColumn total {address}", meaning=False)
    assert page.hits[0].entry.title == "Missing total column"
    assert not page.any_word
    assert page.left_out
    assert not search("UndefinedColumn total", meaning=False).left_out


def test_a_typo_among_words_that_never_meet_is_corrected(logs: None) -> None:
    page = search("currenci total", meaning=False)
    assert page.any_word
    assert {hit.entry.title for hit in page.hits[:2]} == {"Missing total column", "Missing currency column"}
    assert [word for word, _others in page.corrections] == ["currenci"]


def test_nothing_found_names_the_word(logs: None) -> None:
    page = search("total zebra")
    assert [(missing.word, missing.query) for missing in page.missing] == [("zebra", "total")]
    assert page.missing[0].count > 0


def test_facets_count_exactly(logs: None) -> None:
    page = search("column")
    counts = {facet.name: {value.value: value.count for value in facet.values} for facet in page.facets}
    assert counts["type"]["error"] == 2
    assert sum(counts["type"].values()) == page.total


def test_a_fix_that_worked_lifts_its_error(logs: None) -> None:
    errors = [hit for hit in search("migration column relation").hits if hit.kind == "error"]
    assert [hit.has_working_fix for hit in errors] == [True, False]


@pytest.mark.parametrize(
    "text", ['"', "a AND", "NEAR(", "col:x", "*", "^", "-a", "a' OR 1=1", "\x00", "((((", "🙂", "a:*", "\\", "'"]
)
def test_no_text_breaks_the_index(logs: None, text: str) -> None:
    search(text)
    search(text, typing=True)
