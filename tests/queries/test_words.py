"""Filters by words, in any script and in upper or lower case."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from kb.importing import Imported
from kb.queries.board import BoardFilter, board
from kb.queries.issues import IssueFilter, issues
from kb.queries.library import command_shapes, decisions, file_history, files, learnings

LOG = """# Session

**Date**: 2026-03-01

## Errors

- **Error**: Ёлка на причале упала и сломала Кран.ts

## Learnings

- Смазывать Кран по утрам

## Decisions

- Поставить КРАН у второго причала

## Files

- `docs/Кран.md` (created)

## Commands

```bash
cat docs/Кран.md
```

## Next Steps

- [ ] Заменить трос на Кране до 100% пятницы
"""


@pytest.fixture
def crane(ingest: Callable[..., Imported]) -> None:
    ingest(LOG)
    ingest("# Session\n\n## Next Steps\n\n- [ ] Paint the boathouse in a Grün of its own\n", path="other.md")


def steps(words: str) -> list[str]:
    return [step.text for step in board(BoardFilter(words=words, state="all"), dt.date(2026, 3, 2))]


@pytest.mark.parametrize("word", ["кран", "КРАН", "Кран", "кРАн"])
def test_letters_of_any_script_are_found_in_either_case(crane: None, word: str) -> None:
    assert len(steps(word)) == 1
    assert issues(IssueFilter(words=word)).count() == 1
    assert learnings(words=word).count() == 1
    assert decisions(words=word).count() == 1
    assert files(words=word).count() == 1
    assert len(command_shapes(words=word)[0]) == 1
    assert len(file_history(f"{word}.ts").mentions) == 1


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ("100% ТРОС", 1), ("кран%", 0), ("кран_", 0), ("якорь", 0), ("GRÜN", 1), ("boathouse grün", 1), ("BOAT", 1),
        ("boat_ouse", 0), ("трос boathouse", 0),
    ],
)  # fmt: skip
def test_all_of_the_words_are_taken_literally(crane: None, words: str, count: int) -> None:
    assert len(steps(words)) == count
