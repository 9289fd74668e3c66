"""Tokens: identifiers whole and in parts."""

from __future__ import annotations

import pytest

from kb.search.analysis import index_tokens, query_tokens


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("completed_at", {"completed_at", "completed", "at"}),
        (
            "psycopg2.errors.UndefinedColumn",
            {"psycopg2.errors.undefinedcolumn", "undefinedcolumn", "undefined", "column"},
        ),
        ("/api/v1/campaigns", {"api/v1/campaigns", "campaigns", "v1"}),
        ("https://x.example.com/api/v1/campaigns", {"api/v1/campaigns", "x.example.com"}),
        ("--no-confirm-changeset", {"no-confirm-changeset", "changeset"}),
        ("handler.py:313", {"handler.py", "handler.py:313", "handler"}),
        ("arn:aws:lambda:eu", {"arn:aws:lambda", "lambda"}),
        ("0x80070005", {"0x80070005"}),
        ("C++", {"c++"}),
        ("getUserById", {"getuserbyid", "get", "user", "by", "id"}),
        ("TS2345", {"ts2345", "ts", "2345"}),
        ("phase30_routing", {"phase30_routing", "phase30", "phase", "routing"}),
        ("数据库连接失败", {"数据", "据库", "连接", "失败"}),
        ("Über-Café", {"uber-cafe", "cafe"}),
    ],
)
def test_a_text_is_found_by(text: str, tokens: set[str]) -> None:
    assert tokens <= set(index_tokens(text))
    assert set(query_tokens(text)) <= set(index_tokens(text))
