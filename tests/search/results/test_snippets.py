"""What a search found is marked as it is written, whatever accents, capitals and widths the query has."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.importing import Imported
from kb.search.index.analysis import query_tokens
from kb.search.language.query import parse_query
from kb.search.results.find import search
from kb.search.results.snippets import Folded, Parts, highlight, snippet
from sessions.parsing.vocabulary import fold
from tests.factories import FIXED

TODAY = dt.date(2026, 9, 1)
FILLING = "und so lief es weiter " * 30

# text, query, what is marked
LANGUAGES = [
    ("The café menu failed to load", "cafe FAILED", ["café", "failed"]),
    ("Die Straße wurde nicht geprüft", "strasse geprüft", ["Straße", "geprüft"]),
    ("Größenänderung schlug fehl", "großenanderung", ["Größenänderung"]),
    ("La connexion a été refusée par le réseau", "connexion refusée reseau", ["connexion", "refusée", "réseau"]),
    ("El diseño falló en producción", "diseno fallo produccion", ["diseño", "falló", "producción"]),
    ("Perché la città non è stata trovata", '"perche" citta e', ["Perché", "città", "è"]),
    ("A migração não foi concluída", "migracao nao concluida", ["migração", "não", "concluída"]),
    ("Het coördinaat is geïnitialiseerd", "coordinaat geinitialiseerd", ["coördinaat", "geïnitialiseerd"]),
    ("Conexiunea a eșuat în producție", "esuat producție", ["eșuat", "producție"]),
    ("Файл не найден, всё ещё открытый", "найден еще открытый", ["найден", "ещё", "открытый"]),
    ("保存后数据库连接失败", "数据库连接", ["数据库连接"]),
    ("保存時にバグが出た", "バグ", ["バグ"]),
    ("데이터베이스 연결에 실패했습니다", "연결", ["연결"]),
    ("فشل الاتّصال بالخادم", "الاتصال", ["الاتّصال"]),
]
SHAPES = [
    ("İstanbul sunucusu", "istanbul", ["İstanbul"]),
    ("ISTANBUL sunucusu", "istanbul", ["ISTANBUL"]),
    ("the oﬃce ﬁle", "office file", ["oﬃce", "ﬁle"]),
    ("ＥＲＲＯＲ　４０４ in ｆｕｌｌ width", "error 404 full", ["ＥＲＲＯＲ", "４０４", "ｆｕｌｌ"]),
    ("ﾃﾞｰﾀ が", "データ", ["ﾃﾞｰﾀ"]),
    ("Άνοιγμα ΘΕΣΗΣ", "ανοιγμα θεσης", ["Άνοιγμα", "ΘΕΣΗΣ"]),
    ("HTTPError in sha256sum", "error http 256", ["HTTPError", "256"]),
    ("Fehler_größe.py:12", "große", ["größe"]),
    ("unerhört hört", "hort", ["hört"]),
    ("ÿ" * 3 + " école", "ecole", ["école"]),
    ("tab\there\nréseau\u00a0plein", "reseau plein", ["réseau", "plein"]),
    ("été ETE ete\u0301", "ete", ["été", "ETE", "ete\u0301"]),
    ("ok ⚠️ échec ✅️", "echec", ["échec"]),
]


def marked(parts: Parts) -> list[str]:
    return [text for text, matches in parts if matches]


@pytest.mark.parametrize(("text", "query", "words"), LANGUAGES + SHAPES)
def test_words_are_marked_as_they_are_written(text: str, query: str, words: list[str]) -> None:
    parts = highlight(text, parse_query(query, TODAY))
    assert marked(parts) == words
    assert "".join(part for part, _ in parts) == text


@pytest.mark.parametrize(
    ("text", "words", "typing", "expected"),
    [
        ("the Total of", "total", False, ["Total"]),
        ("read when ready", "read", False, ["read"]),
        ("read when ready", "read", True, ["read", "read"]),
        ("getUserById", "user", False, ["User"]),
        ("completed_at", "completed", False, ["completed"]),
        ("数据库连接失败", "连接", False, ["连接"]),
        ("a+b (c++)", "c++", False, ["c++"]),
    ],
)
def test_whole_words_and_parts_of_identifiers_are_marked(
    text: str, words: str, typing: bool, expected: list[str]
) -> None:
    parts = highlight(text, parse_query(words, TODAY, typing=typing))
    assert marked(parts) == expected
    assert "".join(part for part, _ in parts) == text


@pytest.mark.parametrize(("text", "query", "words"), LANGUAGES)
def test_decomposed_letters_are_marked_too(text: str, query: str, words: list[str]) -> None:
    """macOS writes "é" and Hangul in parts."""
    parts = highlight(unicodedata.normalize("NFD", text), parse_query(query, TODAY))
    assert [unicodedata.normalize("NFC", word) for word in marked(parts)] == words


@pytest.mark.parametrize(("text", "query", "words"), LANGUAGES)
@pytest.mark.parametrize("before", [FILLING, "ж" * 500 + " ", "あ" * 500])
def test_a_snippet_begins_before_its_first_match(before: str, text: str, query: str, words: list[str]) -> None:
    parts = snippet(before + text + FILLING, parse_query(query, TODAY))
    assert marked(parts)[0] == words[0]
    assert len(parts[0][0] + parts[1][0]) < 110
    assert sum(len(part) for part, _ in parts) <= 224


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("- move the berth\n  to the quay\n* [ ] paint it", "move the berth to the quay • paint it"),
        ("berth -x and 3 - 2", "berth -x and 3 - 2"),
    ],
)
def test_the_lines_of_a_list_are_told_apart_in_a_snippet(text: str, shown: str) -> None:
    assert "".join(part for part, _ in snippet(text, parse_query("berth", TODAY))) == shown


@pytest.mark.parametrize(
    ("text", "typed", "words"),
    [("réseau plein", "rés", ["rés"]), ("Straße", "stras", ["Straß"]), ("найдено", "най", ["най"]), ("été", "x", [])],
)
def test_while_typing_beginnings_are_marked(text: str, typed: str, words: list[str]) -> None:
    assert marked(highlight(text, parse_query(typed, TODAY, typing=True))) == words


@pytest.mark.parametrize(("text", "query"), [("réseaux", "reseau"), ("Hausstraße", "strasse"), ("ненайден", "найден")])
def test_parts_of_other_words_are_not_marked(text: str, query: str) -> None:
    assert marked(highlight(text, parse_query(query, TODAY))) == []


@pytest.mark.parametrize(("text", "query", "words"), LANGUAGES)
def test_what_the_index_finds_is_marked(
    ingest: Callable[..., Imported], text: str, query: str, words: list[str]
) -> None:
    ingest(FIXED.format(day="2026-03-01").replace("Missing total column", text))
    errors = [hit for hit in search(f"{query} type:error").hits if marked(hit.title)]
    assert marked(errors[0].title) == words


_LETTERS = st.text(st.characters(codec="utf-8"), max_size=40) | st.text("éßİﬁガｶﾞ각ё й\u0301\u3099x", max_size=12)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(_LETTERS)
def test_a_text_is_folded_as_the_index_folds_it(text: str) -> None:
    """And each letter knows where it was."""
    folded = Folded.of(text)
    assert "".join(folded.text.split()) == "".join(fold(text).split())
    assert len(folded.starts) == len(folded.text) + 1
    assert list(folded.starts) == sorted(folded.starts)
    assert folded.starts[-1] == len(text)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(_LETTERS, st.data())
def test_a_word_of_a_text_is_marked_in_it(text: str, data: st.DataObject) -> None:
    words = [word for word in text.split() if query_tokens(word) == [fold(word)] != [""]]
    if words:
        word = data.draw(st.sampled_from(words))
        assert marked(highlight(text, parse_query(f'"{word}"', TODAY)))
