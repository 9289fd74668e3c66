"""Search tokens: identifiers whole and in parts, other scripts, and the version of the analyser."""

from __future__ import annotations

import hashlib

import pytest

from kb.search.index.analysis import ANALYSER_VERSION, index_tokens, query_tokens


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
        ("数据库连接失败", {"数据", "据库", "连接", "失败", "库"}),
        ("カードのバグ", {"カー", "ード", "バグ"}),
        ("ｶﾞｰﾄﾞ", {"ガー", "ード"}),
        ("\u30ab\u3099\u30fc\u30c8\u3099", {"ガー", "ード"}),
        ("Über-Café", {"uber-cafe", "cafe"}),
        ("用DriftMap组件显示潮位", {"driftmap", "drift", "组件", "潮位"}),
        ("src/tide.py를 고쳤다", {"src/tide.py", "tide.py", "고쳤"}),
        ("Berth.php·routes.php", {"berth.php", "routes.php"}),
        ("v2.1—the crane→berth_id…", {"v2.1", "the", "crane", "berth_id"}),
        ("scanned F3:8000+ and ✅tide.yml", {"f3:8000", "tide.yml"}),
        ("データ・ベース：接続", {"デー", "ベー", "接続"}),
    ],
)
def test_a_text_is_found_by(text: str, tokens: set[str]) -> None:
    assert tokens <= set(index_tokens(text))
    assert set(query_tokens(text)) <= set(index_tokens(text))


@pytest.mark.parametrize(
    ("query", "tokens"),
    [
        ("库", ["库"]),
        ("数据库", ["数据", "据库"]),
        ("バグ", ["バグ"]),
        ("x库", ["x", "库"]),
        ("在DriftMap组件里", ["在", "driftmap", "组件", "件里"]),
        ("file 库", ["file", "库"]),
    ],
)
def test_a_query_looks_for(query: str, tokens: list[str]) -> None:
    assert query_tokens(query) == tokens


@pytest.mark.parametrize(("one", "other"), [("カード", "ガード"), ("ハス", "パス"), ("ハス", "バス"), ("はか", "ばか")])
def test_another_kana_is_another_word(one: str, other: str) -> None:
    assert not set(query_tokens(one)) <= set(index_tokens(other))
    assert not set(query_tokens(other)) <= set(index_tokens(one))


SAMPLE = """completed_at psycopg2.errors.UndefinedColumn /api/v1/users getUserById handler.py:313 C++ --no-input
0x80070005 arn:aws:lambda:eu Über-Café najčešći найден Straße réseau İstanbul ﬁle خطأ
数据库连接失败 カードのガード ｶﾞｰﾄﾞ 데이터베이스"""


def test_changed_tokens_need_a_new_version() -> None:
    """If this fails, increase ANALYSER_VERSION, so that sessions are reindexed, and update the digest here."""
    tokens = "\n".join([*index_tokens(SAMPLE), *query_tokens(SAMPLE)])
    assert (ANALYSER_VERSION, hashlib.sha256(tokens.encode()).hexdigest()[:16]) == (4, "341dd0c30d0418bb")
