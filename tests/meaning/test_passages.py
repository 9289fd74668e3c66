"""Passages: whatever a log says, at its line, and which of it has a meaning worth a vector."""

from __future__ import annotations

import pytest

from sessions.meaning.passages import LONGEST_MEANT, Passage, passages_of
from sessions.parsing.tree.blocks import read_document

LOG = """# Session: Ferry timetable

The crossing at noon is **never** shown. See [the plan](https://ferry.test/plan).

- Winter tables are read twice

| Pier | Depth |
| --- | --- |
| North | nine fathoms |

```bash
ferry --winter
ferry --summer
```
"""


def test_everything_that_is_said_is_a_passage_at_its_line() -> None:
    (said,) = passages_of(read_document(LOG), [(1, 14)])
    found = {(passage.line, passage.text) for passage in said}
    assert (3, "The crossing at noon is never shown.") in found
    assert (5, "Winter tables are read twice") in found
    assert any(line == 9 and "nine fathoms" in text for line, text in found)
    (code,) = [passage for passage in said if passage.is_code]
    assert (code.line, code.text, code.source) == (12, "ferry --winter", "ferry --summer")


def test_words_that_marks_would_hide_are_kept_as_they_are_written() -> None:
    (said,) = passages_of(read_document(LOG), [(1, 14)])
    assert any("https://ferry.test/plan" in passage.source for passage in said)


def test_each_session_has_the_passages_of_its_lines() -> None:
    first, second = passages_of(read_document(LOG), [(1, 4), (5, 14)])
    assert {passage.line for passage in first} <= {1, 2, 3, 4}
    assert {passage.line for passage in second} <= set(range(5, 15))


@pytest.mark.parametrize(
    ("text", "is_meant"),
    [
        ("Winter tables are read twice", True),
        ("数据库连接失败", True),
        ("ログインできない", True),
        ("🚀", False),
        ("BEFORE ❌", False),
        ("Deleted (5 files)", False),
        ("Summary", False),
        ("", False),
    ],
)
def test_what_is_too_short_to_mean_much_has_no_vector(text: str, is_meant: bool) -> None:
    assert bool(Passage(1, text).meant) is is_meant


def test_code_and_the_rest_of_a_long_text_have_no_vector() -> None:
    assert Passage(1, "ferry reads winter tables", is_code=True).meant == ""
    assert len(Passage(1, "winter " * 200).meant) == LONGEST_MEANT
