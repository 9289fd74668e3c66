"""Words of a log without the marks around them."""

from __future__ import annotations

import pytest

from sessions.parsing.vocabulary import fold, unfolded
from sessions.text import comparable, headline, plain


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("**Fix** `a.py`", "Fix a.py"),
        ("see [the plan](docs/plan.md)", "see the plan"),
        ("`a * b * c`", "a * b * c"),  # code stays as it is
        ("snake_case_name", "snake_case_name"),
        ("measure a`b", "measure a`b"),
    ],
)
def test_plain_text(text: str, expected: str) -> None:
    assert plain(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("3. ❌ Timeout", "Timeout"), ("✅ Crane view:", "Crane view"), ("1) **Berth** plan 🎉", "Berth plan")],
)
def test_a_headline(text: str, expected: str) -> None:
    assert headline(text) == expected


def test_comparable_text_has_pairs_of_characters_in_scripts_without_spaces() -> None:
    assert comparable("Crane: 上传失败!") == "crane 上传 传失 失败"


@pytest.mark.parametrize("text", ["Nächste Schritte", "Straße am Hafen", "загрузка файла", "ｆｕｌｌ width", "plain"])
def test_a_position_in_folded_text_is_found_in_the_original(text: str) -> None:
    words = text.split()
    assert text[unfolded(text, fold(text).index(fold(words[-1]))) :] == words[-1]
